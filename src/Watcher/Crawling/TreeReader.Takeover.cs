using System.Collections;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>Takes over from another watcher: the map is complete, and what the other watcher delivered is compared with it.</summary>
internal sealed partial class TreeReader
{
    /// <summary>
    /// Reports the differences between the delivered state and the map, like a crawl with the delivered state as its baseline. Reads nothing from disk but
    /// the content of files whose times do not prove whether they changed. If nothing can be loaded, every entry counts as found in a first crawl.
    /// </summary>
    /// <param name="load">Loads the delivered state into the sink.</param>
    public LoadResult TakeOver(Func<IStateSink, LoadResult> load)
    {
        var delivered = new DeliveredState(this, map);
        var loaded = load(delivered);

        if (loaded is LoadResult.Resumed)
        {
            ReportRemoved(delivered);
            Visit(StateMap.Root, (parent, node) => CompareEntry(parent, node, delivered));
        }
        else
        {
            Visit(StateMap.Root, Meet);
        }

        return loaded;
    }

    private void ReportRemoved(DeliveredState delivered)
    {
        // Children come before their parents.
        foreach (var (path, before) in delivered.Otherwise.OrderByDescending(entry => entry.Key, StringComparer.Ordinal))
        {
            if (Resolve(path) is var node && (node == 0 || !IsOfSameSort(map.StateOf(node), before)))
                observer.Changed(path, before, after: null);
        }
    }

    private void CompareEntry(int parent, int node, DeliveredState delivered)
    {
        var found = map.StateOf(node);

        if (delivered.Has(node))
        {
            // The change time proves that a file is the same. In a directory, something may have appeared and disappeared.
            if (found.Kind == FileKind.Directory && _path.TrySet(node))
                observer.Revisited(_path.Directory, found, map.DirectoryOf(node).Interest!);
        }
        else if (_path.TrySet(parent) && _path.With(map.Name(node)).ToString() is var path)
        {
            if (delivered.Otherwise.TryGetValue(path, out var before) && IsOfSameSort(found, before))
                CompareFile(parent, node, path, before, found);
            else
                observer.Changed(path, before: null, found);
        }
    }

    private void CompareFile(int parent, int node, string path, in FileState before, in FileState found)
    {
        map.SetState(node, before);
        ApplyFile(parent, node, map.DirectoryOf(parent).Interest!, map.Name(node), path, found, ReadFlags.Deep);
    }

    private void Meet(int parent, int node)
    {
        var state = map.StateOf(node);

        if ((state.Kind == FileKind.Directory ? map.DirectoryOf(node).Interest : map.DirectoryOf(parent).Interest) is { } interest && _path.TrySet(parent))
            observer.FirstSeen(_path.With(map.Name(node)), state, interest);
    }

    /// <summary>Visits every entry that a service wants, with its directory; parents before their children.</summary>
    private void Visit(int directory, Action<int, int> visit)
    {
        for (var child = map.DirectoryOf(directory).FirstChild; child != 0; child = map[child].NextSibling)
        {
            if (map[child].Exists && IsWanted(child))
                visit(directory, child);

            if (map.DirectoryOf(child).FirstChild != 0)
                Visit(child, visit);
        }
    }

    /// <summary>Both are directories, or neither is: only then is one a modification of the other.</summary>
    private static bool IsOfSameSort(in FileState left, in FileState right) =>
        left.Kind != default && (left.Kind == FileKind.Directory) == (right.Kind == FileKind.Directory);

    /// <summary>
    /// The delivered state without the entries that are the same in the map: for a large tree this is very little. Known content hashes are copied into
    /// the map.
    /// </summary>
    private sealed class DeliveredState(TreeReader reader, StateMap map) : IStateSink
    {
        private readonly BitArray _same = new(map.Highest + 1);

        /// <summary>By path: entries that the map lacks or has with another state.</summary>
        public Dictionary<string, FileState> Otherwise { get; } = new(StringComparer.Ordinal);

        /// <summary>The delivered state equals the map's.</summary>
        public bool Has(int node) => _same[node];

        public void Set(ReadOnlySpan<char> path, in FileState state)
        {
            var node = reader.Resolve(path);
            var isSame = IsSame(map.StateOf(node), state);
            _same[node] = isSame;

            if (!isSame)
                Otherwise[path.ToString()] = state;
            else
                Otherwise.GetAlternateLookup<ReadOnlySpan<char>>().Remove(path);

            // The same times, and not racy: then the content is the same, too.
            if (isSame && state.Kind != FileKind.Directory && map.StateOf(node).ContentHash == 0)
                map.SetState(node, state);
        }

        public void Remove(ReadOnlySpan<char> path)
        {
            _same[reader.Resolve(path)] = false;
            Otherwise.GetAlternateLookup<ReadOnlySpan<char>>().Remove(path);
        }

        private static bool IsSame(in FileState found, in FileState delivered) => delivered.Kind == FileKind.Directory
            ? found.Kind == FileKind.Directory
            : found.HasSameStat(delivered) && !delivered.Racy;
    }
}
