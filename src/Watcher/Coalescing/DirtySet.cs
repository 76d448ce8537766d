using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Coalescing;

/// <summary>How much to inspect; each value covers the ones before it.</summary>
public enum DirtyDepth : byte
{
    /// <summary>This path: <c>lstat</c> it.</summary>
    Entry,

    /// <summary>This directory: read its entries and look at each.</summary>
    Directory,

    /// <summary>Everything beneath.</summary>
    Subtree,
}

[StructLayout(LayoutKind.Auto)]
public readonly record struct DirtyPath(string Path, DirtyDepth Depth);

/// <summary>
/// The paths to look at, in the order they were marked. Bounded: when full it coarsens, entries to their directories, directories to
/// subtrees, those to the roots, and never drops: what was marked is always covered by what comes out. Owned by the loop. Marking a path
/// again allocates nothing.
/// </summary>
/// <param name="roots">
/// Coarsening ends at a root. A path outside every root (the folder that holds a root) stays as it is; there are few.
/// </param>
/// <param name="capacity">
/// The default's 20,000 paths of 100 characters are 5 MB, and beyond it reading directories is cheaper than looking at single paths.
/// </param>
public sealed class DirtySet(IReadOnlyList<string> roots, int capacity = DirtySet.DefaultCapacity)
{
    private const int DefaultCapacity = 20_000;

    private readonly HashSet<string> _roots = new(roots, StringComparer.Ordinal);
    private readonly Dictionary<string, DirtyDepth> _depths = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public int Count => _depths.Count;

    /// <summary>How often the set was too full to remember single paths; for the log.</summary>
    public long Coarsenings { get; private set; }

    public void Mark(ReadOnlySpan<char> path, DirtyDepth depth)
    {
        var lookup = _depths.GetAlternateLookup<ReadOnlySpan<char>>();

        if (lookup.TryGetValue(path, out var known))
        {
            if (depth > known)
                lookup[path] = depth;

            return;
        }

        if (IsCovered(path, depth))
            return;

        var marked = path.ToString();
        _depths.Add(marked, depth);
        _order.Enqueue(marked);

        if (_depths.Count > capacity)
            Coarsen();
    }

    /// <summary>Lost track: everything is to be looked at.</summary>
    public void MarkRoots()
    {
        foreach (var root in roots)
            Mark(root, DirtyDepth.Subtree);
    }

    /// <summary>The path that was marked first. False: nothing is to be looked at.</summary>
    public bool TryTake(out DirtyPath taken)
    {
        taken = default;

        if (!_order.TryDequeue(out var path))
            return false;

        _depths.Remove(path, out var depth);
        taken = new DirtyPath(path, depth);
        return true;
    }

    /// <summary>Releases the memory that a storm needed.</summary>
    public void Trim()
    {
        _depths.TrimExcess();
        _order.TrimExcess();
    }

    private bool IsCovered(ReadOnlySpan<char> path, DirtyDepth depth)
    {
        var lookup = _depths.GetAlternateLookup<ReadOnlySpan<char>>();
        var needed = depth == DirtyDepth.Entry ? DirtyDepth.Directory : DirtyDepth.Subtree;

        while (path.Length > 1)
        {
            path = ParentOf(path);

            if (lookup.TryGetValue(path, out var known) && known >= needed)
                return true;

            // A look at a directory's entries goes one level deep.
            needed = DirtyDepth.Subtree;
        }

        return false;
    }

    // Half empty afterwards, so that the work is paid for by as many marks. Each round cuts off the deepest level; at worst the roots are
    // left.
    private void Coarsen()
    {
        Coarsenings++;
        Replace(path => path.Depth == DirtyDepth.Entry ? Above(path, DirtyDepth.Directory) : path);

        while (_depths.Count > capacity / 2)
        {
            var deepest = _depths.Keys.Where(MayCoarsen).Select(LevelOf).DefaultIfEmpty(0).Max();

            if (deepest == 0)
                return;

            Replace(path => LevelOf(path.Path) == deepest ? Above(path, DirtyDepth.Subtree) : path);
        }
    }

    private DirtyPath Above(DirtyPath path, DirtyDepth depth) =>
        MayCoarsen(path.Path) ? new DirtyPath(ParentOf(path.Path).ToString(), depth) : path;

    private void Replace(Func<DirtyPath, DirtyPath> coarser)
    {
        var paths = _order.Select(path => coarser(new DirtyPath(path, _depths[path]))).ToList();
        _depths.Clear();
        _order.Clear();

        foreach (var (path, depth) in paths)
            _depths[path] = _depths.TryGetValue(path, out var known) && known > depth ? known : depth;

        foreach (var path in paths.Select(path => path.Path).Distinct(StringComparer.Ordinal))
        {
            if (IsCovered(path, _depths[path]))
                _depths.Remove(path);
            else
                _order.Enqueue(path);
        }
    }

    private bool MayCoarsen(string path)
    {
        var lookup = _roots.GetAlternateLookup<ReadOnlySpan<char>>();

        if (_roots.Contains(path))
            return false;

        for (var above = path.AsSpan(); above.Length > 1;)
        {
            above = ParentOf(above);

            if (lookup.Contains(above))
                return true;
        }

        return false;
    }

    private static int LevelOf(string path) => path.AsSpan().Count('/');

    private static ReadOnlySpan<char> ParentOf(ReadOnlySpan<char> path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
