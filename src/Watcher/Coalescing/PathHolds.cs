namespace Supervisor.Watcher.Coalescing;

/// <summary>
/// Paths that are in the middle of something: being written (delivered only after the writer has closed, or paused for 200 ms: a server
/// must not read half a file) or deleted a moment ago (many tools save by deleting and creating anew). They hold their batch, within its
/// greatest latency. Owned by the loop. Bounded: when full, the newest hold stands for all.
/// </summary>
public sealed class PathHolds
{
    private const int Capacity = 1_024;

    // Longer than any pause between two writes of one save that was recorded, shorter than a person notices.
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RecreationPause = TimeSpan.FromMilliseconds(60);

    private readonly Dictionary<string, TimeSpan> _until = new(StringComparer.Ordinal);
    private TimeSpan _untilOfUnnamed;

    /// <summary>The file was created or written to, and not yet closed.</summary>
    public void Written(ReadOnlySpan<char> path, TimeSpan now) => Hold(path, now + WritePause);

    /// <summary>The file was deleted or moved away.</summary>
    public void Removed(ReadOnlySpan<char> path, TimeSpan now) => Hold(path, now + RecreationPause);

    /// <summary>The file was closed after writing, or moved here whole.</summary>
    public void Closed(ReadOnlySpan<char> path) => _until.GetAlternateLookup<ReadOnlySpan<char>>().Remove(path);

    /// <summary>When the last hold ends; null: nothing is held.</summary>
    public TimeSpan? HeldUntil(TimeSpan now)
    {
        var latest = _untilOfUnnamed;

        foreach (var (path, until) in _until)
        {
            if (until <= now)
                _until.Remove(path);
            else if (until > latest)
                latest = until;
        }

        return latest > now ? latest : null;
    }

    /// <summary>The batch is gone; what goes on being written begins a new one.</summary>
    public void Clear()
    {
        _until.Clear();
        _untilOfUnnamed = TimeSpan.Zero;
    }

    /// <summary>Releases the memory that a storm needed.</summary>
    public void Trim() => _until.TrimExcess();

    private void Hold(ReadOnlySpan<char> path, TimeSpan until)
    {
        var lookup = _until.GetAlternateLookup<ReadOnlySpan<char>>();

        if (_until.Count < Capacity || lookup.ContainsKey(path))
            lookup[path] = until;
        else
            _untilOfUnnamed = until;
    }
}
