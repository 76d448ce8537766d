using Microsoft.Win32.SafeHandles;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Makes a snapshot out of a snapshot and the records behind it. The living state map is not asked: it is ahead of the log by what was
/// found but not yet delivered, and that must not get into a snapshot.
/// </summary>
internal static class LogCompaction
{
    /// <param name="upTo">Where the new snapshot is to stand; later records stay records.</param>
    /// <returns>Where the new snapshot ends.</returns>
    public static long Write(SafeFileHandle log, LoadResult.Resumed upTo, SnapshotWriter compacted)
    {
        var changed = new ChangedEntries();
        LogReplay.Feed(log, upTo.End, kind => kind == RecordKind.Changes, changed);
        LogReplay.Feed(log, upTo.SnapshotEnd, kind => kind == RecordKind.Entries, new MergedEntries(changed.ByPath, compacted));

        // What is left was not in the old snapshot.
        foreach (var (path, state) in changed.ByPath.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (state is { } added)
                compacted.Add(path, added);
        }

        compacted.EndSnapshot();
        var snapshotEnd = compacted.Length;
        compacted.Copy(log, upTo.End, RandomAccess.GetLength(log));
        return snapshotEnd;
    }

    /// <summary>The last word of the records about each path; null: gone.</summary>
    private sealed class ChangedEntries : IStateSink
    {
        public Dictionary<string, FileState?> ByPath { get; } = new(StringComparer.Ordinal);

        public void Set(ReadOnlySpan<char> path, in FileState state) => ByPath.GetAlternateLookup<ReadOnlySpan<char>>()[path] = state;

        public void Remove(ReadOnlySpan<char> path) => ByPath.GetAlternateLookup<ReadOnlySpan<char>>()[path] = null;
    }

    private sealed class MergedEntries(Dictionary<string, FileState?> changed, SnapshotWriter compacted) : IStateSink
    {
        public void Set(ReadOnlySpan<char> path, in FileState state)
        {
            if (!changed.GetAlternateLookup<ReadOnlySpan<char>>().Remove(path, out _, out var newer))
                compacted.Add(path, state);
            else if (newer is { } present)
                compacted.Add(path, present);
        }

        public void Remove(ReadOnlySpan<char> path) => throw new InvalidDataException("A snapshot in the change log holds a removal.");
    }
}
