using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Hands dirty paths to the workers and their answers to the reader of trees. Never two looks at one path at a time: their answers could come in
/// the wrong order, and the older one would stand. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class StatScheduler(StateMap map, TreeReader reader, DirtySet dirty, StatWorkers workers, IReadOnlyCollection<string> roots)
{
    // Path of every look under way, and how deep it was marked again meanwhile.
    private readonly Dictionary<string, DirtyDepth?> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _roots = roots.ToHashSet(StringComparer.Ordinal);
    private readonly PathText _path = new(map);

    /// <summary>Deals with the path that was marked first. False: none is marked.</summary>
    public bool TryScheduleNext()
    {
        if (!dirty.TryTake(out var marked))
            return false;

        // However deep: the answer that is to come may be older than what marked it, and would undo what is found now.
        if (_inFlight.TryGetValue(marked.Path, out var again))
            _inFlight[marked.Path] = again > marked.Depth ? again : marked.Depth;
        else if (marked.Depth == DirtyDepth.Subtree)
            reader.CheckDeep(marked.Path);
        else if (marked.Depth == DirtyDepth.Directory && reader.Resolve(marked.Path) is var node and not 0 && map[node].IsDirectory)
            reader.Request(node, ReadFlags.Wanted);
        else
            Schedule(marked.Path);

        return true;
    }

    public void TakeResults()
    {
        while (workers.TryTake(out var result))
        {
            var path = result.Request.Path;
            var isCurrent = reader.TryConclude(result.Request, result.Found);

            if (_inFlight.Remove(path, out var again) && (again is not null || !isCurrent))
                dirty.Mark(path, again ?? DirtyDepth.Entry);
        }
    }

    /// <summary>Gives back what a storm made room for.</summary>
    public void Trim() => _inFlight.TrimExcess();

    private void Schedule(string path)
    {
        var parent = reader.Resolve(Path.GetDirectoryName(path.AsSpan()));

        // Nobody is interested in the directory (any more): whoever took it out has told what was in it.
        if (parent == 0 || map.DirectoryOf(parent).Interest is null || !_path.TrySet(parent))
            return;

        var name = FileName.Encode(Path.GetFileName(path.AsSpan()));
        var known = map.Find(parent, name) is var node and not 0 ? map.StateOf(node) : default;
        var bytes = _path.BytesWith(name);
        workers.Enqueue(new StatRequest(parent, map.DirectoryOf(parent).Version, path, bytes, _path.NameAt, _roots.Contains(path), known));
        _inFlight.Add(path, value: null);
    }
}
