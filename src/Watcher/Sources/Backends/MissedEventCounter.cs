namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// CountMissed a file system that tells nothing: one on which the audit found a change several times while no event came from it in between. Once is a
/// mapped file or a hard link; those happen where other files are told of. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class MissedEventCounter
{
    private const int Enough = 3;

    private readonly Dictionary<ulong, int> _missed = [];

    /// <summary>False: whatever is heard means nothing to us.</summary>
    public bool HasMissed => _missed.Count > 0;

    /// <summary>An event has come from there.</summary>
    public void Reset(ulong device) => _missed.Remove(device);

    /// <summary>The audit has found what no event told. True: there is no use in listening there.</summary>
    public bool CountMissed(ulong device) => (_missed[device] = _missed.GetValueOrDefault(device) + 1) >= Enough;

    public void Clear() => _missed.Clear();
}
