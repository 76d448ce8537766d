using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Hands dirty paths to the stat workers and their results to the tree reader. Never two requests for one path at a time: their results could arrive in
/// the wrong order, and the older one would win. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class StatScheduler(StateMap map, TreeReader reader, DirtySet dirty, StatWorkers workers, IReadOnlyCollection<string> roots)
{
    // Path of every request in flight, and how deep the path was marked again meanwhile.
    private readonly Dictionary<string, DirtyDepth?> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _roots = roots.ToHashSet(StringComparer.Ordinal);
    private readonly PathText _path = new(map);

    /// <summary>Schedules the path that was marked first. False: none is marked.</summary>
    public bool TryScheduleNext()
    {
        if (!dirty.TryTake(out var marked))
            return false;

        // However deep: the pending result may be older than the mark, and would undo what is found now.
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
            var isCurrent = reader.TryApply(result.Request, result.Found);

            if (_inFlight.Remove(path, out var again) && (again is not null || !isCurrent))
                dirty.Mark(path, again ?? DirtyDepth.Entry);
        }
    }

    /// <summary>Releases the memory that a storm needed.</summary>
    public void Trim() => _inFlight.TrimExcess();

    private void Schedule(string path)
    {
        var parent = reader.Resolve(Path.GetDirectoryName(path.AsSpan()));

        // No service wants the directory any more: its removal has reported its contents.
        if (parent == 0 || map.DirectoryOf(parent).Interest is null || !_path.TrySet(parent))
            return;

        var name = FileName.Encode(Path.GetFileName(path.AsSpan()));
        var known = map.Find(parent, name) is var node and not 0 ? map.StateOf(node) : default;
        var bytes = _path.BytesWith(name);
        workers.Enqueue(new StatRequest(parent, map.DirectoryOf(parent).Version, path, bytes, _path.NameAt, _roots.Contains(path), known));
        _inFlight.Add(path, value: null);
    }
}
