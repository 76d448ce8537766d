using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Verifies the state map while the loop is idle, a little at a time: it reads directories again, which finds what no event reports (writes through a mapping,
/// a hard link or another mount), and requests hashes of files that have none. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class IdleAudit(StateMap map, TreeReader reader, DirtySet dirty, CompareMode compare)
{
    // Once a heartbeat: some 20 ms of 2 s, which is 1 % of one core, and 100,000 entries within a minute.
    private const int EntriesAtOnce = 4_000;
    private const int HashesAtOnce = 500;

    // A small tree is not verified completely every time once it is hashed. (A file without a hash counts as changed when it is saved with the same bytes.)
    private const int TurnsForAll = 30;

    private readonly PathText _path = new(map);
    private int _at = StateMap.Root;
    private int _hashedInRound;
    private bool _isFirstRound = true;

    /// <summary>Verifies the next entries. True: a round ended that hashed so many files that releasing memory is worthwhile.</summary>
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

    /// <returns>How many files it queued for hashing.</returns>
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
