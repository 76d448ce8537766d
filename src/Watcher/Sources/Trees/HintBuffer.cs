namespace Supervisor.Watcher.Sources.Trees;

/// <summary>
/// The hints of a tree source that the loop has not taken yet, each path once. Full means that the loop is far behind: then the buffer drops its paths and
/// reports lost track, and the loop reads everything. Any thread adds, the loop takes.
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

    /// <summary>The source missed something.</summary>
    public void LoseTrack()
    {
        lock (_lock)
            Lose();
    }

    /// <summary>Everything added since the last call.</summary>
    /// <param name="lostTrack">The hints are incomplete.</param>
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
