namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The directories in which something changed in the last 10 minutes: where somebody works, the next change comes. Bounded: when full the one that has
/// been quiet longest makes room; it is merely polled less often then. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class HotDirectories
{
    private const int Capacity = 256;
    private static readonly TimeSpan Heat = TimeSpan.FromMinutes(10);

    private readonly Dictionary<int, TimeSpan> _until = [];

    public int Count => _until.Count;

    public void Changed(int directory, TimeSpan now)
    {
        if (_until.Count >= Capacity && !_until.ContainsKey(directory))
            _until.Remove(_until.MinBy(hot => hot.Value).Key);

        _until[directory] = now + Heat;
    }

    /// <summary>Those that are still hot and still have to be polled.</summary>
    /// <param name="polled">A directory that is not among these may be gone, and its number another's.</param>
    public IEnumerable<int> Take(IReadOnlySet<int> polled, TimeSpan now)
    {
        foreach (var (directory, until) in _until)
        {
            if (until <= now || !polled.Contains(directory))
                _until.Remove(directory);
        }

        return _until.Keys;
    }

    public void Clear() => _until.Clear();
}
