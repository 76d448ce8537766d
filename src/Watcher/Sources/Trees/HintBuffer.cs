namespace Supervisor.Watcher.Sources.Trees;

/// <summary>
/// What a tree source has told and the loop has not yet taken, each path once. Full means that the loop is far behind: then single paths are forgotten and
/// the buffer says that track was lost, which the loop answers by reading everything. Any thread adds, the loop takes.
/// </summary>
internal sealed class HintBuffer
{
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private Dictionary<string, TreeHintKind> _hints = new(StringComparer.Ordinal);
    private bool _lostTrack;

    public void Add(string path, TreeHintKind kind)
    {
        lock (_lock)
        {
            if (_lostTrack)
                return;

            _hints[path] = _hints.TryGetValue(path, out var known) && known > kind ? known : kind;

            if (_hints.Count > Capacity)
                Lose();
        }
    }

    /// <summary>Something was not told.</summary>
    public void LoseTrack()
    {
        lock (_lock)
            Lose();
    }

    /// <summary>Everything added since the last call.</summary>
    /// <param name="lostTrack">More has happened than these say.</param>
    public IReadOnlyDictionary<string, TreeHintKind> Take(out bool lostTrack)
    {
        lock (_lock)
        {
            var taken = _hints;
            lostTrack = _lostTrack;
            _lostTrack = false;

            if (taken.Count > 0)
                _hints = new Dictionary<string, TreeHintKind>(StringComparer.Ordinal);

            return taken;
        }
    }

    private void Lose()
    {
        _lostTrack = true;
        _hints.Clear();
        _hints.TrimExcess();
    }
}
