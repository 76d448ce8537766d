using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Coalescing;

/// <summary>
/// What changed since the last batch, one entry a path: its state before the first change and after the last one. So created-and-deleted is
/// nothing, deleted-and-created is a modification (or nothing, with the same content), and an atomic save is one modification. Owned by the
/// loop, which bounds it.
/// </summary>
public sealed class PendingChanges(CompareMode mode)
{
    private readonly Dictionary<string, (FileState? Before, FileState? After)> _byPath = new(StringComparer.Ordinal);

    public int Count => _byPath.Count;

    /// <summary>Releases the memory that a storm needed.</summary>
    public void Trim() => _byPath.TrimExcess();

    public IReadOnlyCollection<NetChange> All => [.. _byPath.Select(ToChange)];

    public bool Holds(string path) => _byPath.ContainsKey(path);

    /// <summary>
    /// The state map's entry for the path has gone from <paramref name="before"/> to <paramref name="after"/> (null: not there). Children
    /// of a removed directory one by one.
    /// </summary>
    public void Record(string path, FileState? before, FileState? after)
    {
        var first = _byPath.TryGetValue(path, out var known) ? known.Before : before;

        if (IsNothing(first, after))
            _byPath.Remove(path);
        else
            _byPath[path] = (first, after);
    }

    /// <summary>
    /// For a snapshot: how the path stood at the last batch, where the state map is ahead of it. False: the state map has it right.
    /// </summary>
    public bool TryGetBefore(ReadOnlySpan<char> path, out FileState? before)
    {
        (FileState? Before, FileState? After) known = default;
        var found = _byPath.Count > 0 && _byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out known);
        before = known.Before;
        return found;
    }

    /// <summary>Paths that the last batch knew and that are gone since: a snapshot has to add them.</summary>
    public IReadOnlyList<NetChange> Removed =>
    [
        .. _byPath.Where(entry => entry.Value.After is null)
            .Select(entry => new NetChange(entry.Key, entry.Value.Before, null))
            .OrderBy(change => change.Path, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Takes out at most so many changes: what is gone first, children before parents; then the rest, parents before children. So wherever
    /// the cut falls, no entry of the log's state map is without its parent.
    /// </summary>
    public IReadOnlyList<NetChange> Take(int max) => Take(max, static _ => true);

    /// <summary>Of these alone. Whoever leaves an entry behind leaves its directory too, or has told of it before.</summary>
    public IReadOnlyList<NetChange> Take(int max, Predicate<NetChange> which)
    {
        var all = _byPath.Select(ToChange).Where(change => which(change)).ToArray();
        Array.Sort(all, ByTakingOrder);

        var taken = all.Length <= max ? all : all[..max];

        foreach (var change in taken)
            _byPath.Remove(change.Path);

        return taken;
    }

    private static NetChange ToChange(KeyValuePair<string, (FileState? Before, FileState? After)> entry) => new(entry.Key, entry.Value.Before, entry.Value.After);

    private static int ByTakingOrder(NetChange left, NetChange right) => (left.Kind, right.Kind) switch
    {
        (ChangeKind.Removed, ChangeKind.Removed) => string.CompareOrdinal(right.Path, left.Path),
        (ChangeKind.Removed, _) => -1,
        (_, ChangeKind.Removed) => 1,
        _ => string.CompareOrdinal(left.Path, right.Path),
    };

    private bool IsNothing(FileState? before, FileState? after) => (before, after) switch
    {
        (null, null) => true,
        ({ } from, { } to) => FileComparison.Compare(from, to, mode) == Comparison.Same,
        _ => false,
    };
}
