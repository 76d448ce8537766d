using System.Runtime.Versioning;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Polls the directories without events: all of them in rounds, the hot ones in between. One slice at a time, and only while the tree reader is idle,
/// so that a large round delays nothing; then it pauses for twenty times as long as the round took, so that polling takes a
/// twentieth of a core at most. Holds nothing open. Not thread-safe: the work loop owns it.
/// </summary>
/// <param name="directories">The directories to poll; may differ at every call.</param>
/// <param name="shortest">The shortest rest between two rounds.</param>
[SupportedOSPlatform("linux")]
internal sealed class PollScheduler(TreeReader reader, Func<IReadOnlySet<int>> directories, TimeSpan shortest)
{
    // Some 10 ms of work, so that an event waits no longer.
    private const int Slice = 256;

    private readonly HotDirectories _hot = new();
    private int[] _round = [];
    private int _at;
    private TimeSpan _worked;
    private TimeSpan _next;
    private TimeSpan _nextHot;
    private Unit _unit;
    private TimeSpan _unitBegan;
    private DateTimeOffset _roundBegan;
    private DateTimeOffset _foundUntil;

    private enum Unit
    {
        None,
        Slice,
        Hot,
    }

    /// <summary>Every change before this moment has been found; the maximum when no directory is polled.</summary>
    public DateTimeOffset FoundUntil => directories().Count == 0 ? DateTimeOffset.MaxValue : _foundUntil;

    /// <summary>A crawl that began at that moment has just read all of them.</summary>
    public void Restart(TimeSpan began, TimeSpan now, DateTimeOffset foundUntil)
    {
        _round = [];
        _at = 0;
        _worked = TimeSpan.Zero;
        _unit = Unit.None;
        _next = now + PollInterval.Pause(now - began, shortest);
        _foundUntil = foundUntil;
    }

    /// <summary>The directory has a change: it is polled often from now on.</summary>
    public void Changed(int directory, TimeSpan now)
    {
        if (directories().Contains(directory))
            _hot.Changed(directory, now);
    }

    /// <summary>Polls all of them now, for a flush.</summary>
    public void RequestAll()
    {
        foreach (var directory in directories())
            reader.Request(directory, ReadFlags.Wanted);
    }

    /// <summary>Polls the next slice; returns when to call again, zero: as soon as the tree reader is idle.</summary>
    public TimeSpan Continue(TimeSpan now, DateTimeOffset wallClock)
    {
        // The iteration that empties the reader's queue calls again.
        if (directories().Count == 0 || reader.Waiting > 0)
            return TimeSpan.MaxValue;

        FinishUnit(now);

        if (_hot.Count > 0 && now >= _nextHot)
            return Begin(Unit.Hot, _hot.Take(directories(), now), now);

        if (_at >= _round.Length && now >= _next)
            BeginRound(wallClock);

        if (_at < _round.Length)
            return Begin(Unit.Slice, TakeSlice(), now);

        return _hot.Count > 0 && _nextHot < _next ? _nextHot : _next;
    }

    private void BeginRound(DateTimeOffset wallClock)
    {
        _round = [.. directories()];
        _at = 0;
        _roundBegan = wallClock;
    }

    private IEnumerable<int> TakeSlice()
    {
        var slice = _round.AsSpan(_at, Math.Min(Slice, _round.Length - _at)).ToArray();
        _at += slice.Length;
        return slice.Where(directories().Contains);
    }

    private TimeSpan Begin(Unit unit, IEnumerable<int> wanted, TimeSpan now)
    {
        _unit = unit;
        _unitBegan = now;

        foreach (var directory in wanted)
            reader.Request(directory, ReadFlags.Wanted);

        return TimeSpan.Zero;
    }

    private void FinishUnit(TimeSpan now)
    {
        var took = now - _unitBegan;

        if (_unit == Unit.None)
            return;

        _worked += took;

        // Half the share, so that the rounds come to their end as well.
        if (_unit == Unit.Hot)
            _nextHot = now + PollInterval.Pause(took * 2, PollInterval.Shortest);

        if (_unit == Unit.Slice && _at >= _round.Length)
        {
            _next = now + PollInterval.Pause(_worked, shortest);
            _worked = TimeSpan.Zero;
            _round = [];
            _foundUntil = _roundBegan;
        }

        _unit = Unit.None;
    }
}

/// <summary>
/// The directories with a change in the last 10 minutes, where the next change is likely. Bounded: when full, the one that has been quiet longest
/// is removed and polled less often. Not thread-safe: the work loop owns it.
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

    /// <summary>The directories that are still hot and still polled.</summary>
    /// <param name="polled">A directory that is not in this set may be gone, and its number reused.</param>
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

/// <summary>How long to wait between two polls: so long that polling takes a twentieth of one core at most. Pure.</summary>
internal static class PollInterval
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private const int Share = 20;

    /// <summary>The pause after so much work.</summary>
    public static TimeSpan Pause(TimeSpan worked, TimeSpan shortest) => worked * Share is var pause && pause > shortest ? pause : shortest;
}
