namespace Supervisor.Wire;

/// <summary>
/// The system's clock, with timers that fire on one thread of their own, one after the other. For periodic work of microseconds in a process that is idle
/// otherwise: a timer of the thread pool wakes the timers' thread, a worker and the pool's gate, which is most of the work that it does there.
/// </summary>
/// <remarks>
/// Constraints: a callback, and what continues after a <see cref="Task.Delay(TimeSpan, TimeProvider)"/>, must not block: it delays every other timer of this
/// clock. Thread-safe.
/// </remarks>
public sealed class TimerThread : TimeProvider, IDisposable
{
    // Monitor.Wait is one system call with a time limit; Lock has none.
    private readonly object _lock = new();
    private readonly HashSet<Timer> _scheduled = [];
    private TimeSpan _wakesAt = TimeSpan.MinValue;
    private bool _isOver;

    public TimerThread() => new Thread(Run) { IsBackground = true, Name = "timers" }.Start();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>No callback begins after it returns; one that runs may still be running. Timers never fire again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Run()
    {
        while (WaitForNext() is { } timer)
            timer.Fire();
    }

    /// <summary>null: disposed.</summary>
    private Timer? WaitForNext()
    {
        lock (_lock)
        {
            while (!_isOver)
            {
                var next = _scheduled.MinBy(timer => timer.Due);
                var left = next is null ? Timeout.InfiniteTimeSpan : next.Due - GetElapsedTime(0);

                if (next is not null && left <= TimeSpan.Zero)
                {
                    next.Reschedule();
                    return next;
                }

                // Rounded up: a wait that ends a part of a millisecond early would only wait once more.
                _wakesAt = next?.Due ?? TimeSpan.MaxValue;
                Monitor.Wait(_lock, next is null ? left : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
                _wakesAt = TimeSpan.MinValue;
            }

            return null;
        }
    }

    private sealed class Timer(TimerThread owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                if (owner._isOver)
                    return false;

                _period = period;
                Schedule(dueTime);

                // Otherwise the thread finds it when it wakes anyway.
                if (dueTime != Timeout.InfiniteTimeSpan && Due < owner._wakesAt)
                    Monitor.Pulse(owner._lock);

                return true;
            }
        }

        /// <summary>Called with the lock held. A periodic timer keeps its moments, also after one that came late; those that were missed are left out.</summary>
        public void Reschedule()
        {
            if (_period > TimeSpan.Zero)
                Due = owner.GetElapsedTime(0) + _period - TimeSpan.FromTicks((owner.GetElapsedTime(0) - Due).Ticks % _period.Ticks);
            else
                owner._scheduled.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner._lock)
                owner._scheduled.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan dueTime)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                owner._scheduled.Remove(this);
                return;
            }

            Due = owner.GetElapsedTime(0) + dueTime;
            owner._scheduled.Add(this);
        }
    }
}
