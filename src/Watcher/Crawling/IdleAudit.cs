using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Goes through the state map while nothing else is to be done, a little at a time: reads directories again, which finds what no kernel tells (writes
/// through a mapping, a hard link or another mount), and has files hashed that have no hash yet. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class IdleAudit(StateMap map, TreeReader reader, DirtySet dirty, CompareMode compare)
{
    // Once a heartbeat: some 20 ms of 2 s, which is 1 % of one core, and 100,000 entries within a minute.
    private const int EntriesAtOnce = 4_000;
    private const int HashesAtOnce = 500;

    // A small tree need not be gone through every time, once it is hashed: a file without a hash is taken for changed when it is saved as it was.
    private const int TurnsForAll = 30;

    private readonly PathText _path = new(map);
    private int _at = StateMap.Root;
    private int _hashedInRound;
    private bool _isFirstRound = true;

    /// <summary>A little more of it. True: a round has ended in which so many files were hashed that what it took may be given back.</summary>
    public bool Continue()
    {
        var hashes = HashesAtOnce;
        var hasMuchToGiveBack = false;

        for (var visits = Math.Min(_isFirstRound ? map.Count : (map.Count / TurnsForAll) + 1, EntriesAtOnce); visits > 0 && hashes > 0; visits--)
        {
            _at++;

            if (_at > map.Highest)
            {
                hasMuchToGiveBack = _hashedInRound > HashesAtOnce;
                _hashedInRound = 0;
                _isFirstRound = false;
                _at = StateMap.Root;
            }

            var hashed = Visit(_at);
            hashes -= hashed;
            _hashedInRound += hashed;
        }

        return hasMuchToGiveBack;
    }

    /// <returns>How many files are to be hashed for it.</returns>
    private int Visit(int node)
    {
        if (!map[node].Exists)
            return 0;

        if (map[node].IsDirectory)
        {
            if (map.DirectoryOf(node).WasRead)
                reader.Request(node, ReadFlags.Wanted | ReadFlags.Audit);

            return 0;
        }

        if (compare != CompareMode.Content || !LacksHash(map.StateOf(node)) || !_path.TrySet(map[node].Parent))
            return 0;

        dirty.Mark(_path.With(map.Name(node)), DirtyDepth.Entry);
        return 1;
    }

    private static bool LacksHash(in FileState state) =>
        state.ContentHash == 0 && (state.Kind == FileKind.Link || (state.Kind == FileKind.File && state.Size <= FileInspector.LargestHashed));
}
