namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// Detects a file system that sends no events: the audit found a change on it several times with no event in between. A single one may be a
/// mapped file or a hard link, on a file system that sends events for other files. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class MissedEventCounter
{
    private const int MissedLimit = 3;

    private readonly Dictionary<ulong, int> _missed = [];

    /// <summary>False: no missed event is counted, so an event changes nothing.</summary>
    public bool HasMissed => _missed.Count > 0;

    /// <summary>An event arrived from the device.</summary>
    public void Reset(ulong device) => _missed.Remove(device);

    /// <summary>The audit found a change without an event. True: the file system sends no events.</summary>
    public bool CountMissed(ulong device) => (_missed[device] = _missed.GetValueOrDefault(device) + 1) >= MissedLimit;

    public void Clear() => _missed.Clear();
}
