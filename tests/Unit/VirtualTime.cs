namespace Supervisor.Unit;

/// <summary>
/// A clock that moves only when a test advances it. Thread-safe. Timers fire on the thread that advances, in the order of their due times; at each call the
/// clock shows the timer's due time.
/// </summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _armed = [];
    private readonly List<(int Timers, TaskCompletionSource Reached)> _awaited = [];
    private TimeSpan _elapsed;

    public VirtualTime() : this(Noon)
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _elapsed;
        }
    }

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes once at least that many timers are armed: the code under test is waiting.</summary>
    public Task ArmedAsync(int timers = 1)
    {
        lock (_lock)
        {
            if (_armed.Count >= timers)
                return Task.CompletedTask;

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((timers, reached));
            return reached.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan until;

        lock (_lock)
            until = _elapsed + by;

        while (TakeNextDue(until) is { } timer)
            timer.Fire();
    }

    private VirtualTimer? TakeNextDue(TimeSpan until)
    {
        lock (_lock)
        {
            var next = _armed.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            _elapsed = next is null ? until : TimeSpan.FromTicks(Math.Max(_elapsed.Ticks, next.Due.Ticks));

            if (next is null)
                return null;

            if (next.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else
                _armed.Remove(next);

            return next;
        }
    }

    private void Arm(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _armed.Remove(timer);

            if (dueTime == Timeout.InfiniteTimeSpan)
                return;

            timer.Due = _elapsed + dueTime;
            timer.Period = period;
            _armed.Add(timer);

            foreach (var (_, reached) in _awaited.Where(awaited => _armed.Count >= awaited.Timers))
                reached.TrySetResult();

            _awaited.RemoveAll(awaited => awaited.Reached.Task.IsCompleted);
        }
    }

    private sealed class VirtualTimer(VirtualTime clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Arm(this, dueTime, period);
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
