namespace Supervisor.Watcher;

/// <summary>Wakes one loop: on a signal from any thread, or when its timer expires. Signals that arrive while the loop works are kept, as one.</summary>
/// <remarks>After its timer the loop goes on in the timer's thread, which costs one thread switch; after a signal in the thread pool: whoever signals is not held up.</remarks>
internal sealed class WakeSignal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private TaskCompletionSource? _waiting;
    private bool _isSet;

    public WakeSignal(TimeProvider time) =>
        _timer = time.CreateTimer(_ => TakeWaiting()?.TrySetResult(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Set()
    {
        if (TakeWaiting() is { } waiting)
            ThreadPool.UnsafeQueueUserWorkItem(static waiting => waiting.TrySetResult(), waiting, preferLocal: false);
    }

    /// <summary>May return early, never late.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        var waiting = new TaskCompletionSource();

        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return;
            }

            _waiting = waiting;
        }

        _timer.Change(atMost, Timeout.InfiniteTimeSpan);
        await waiting.Task.WaitAsync(stopping);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>null: nobody waits; the next wait returns at once.</summary>
    private TaskCompletionSource? TakeWaiting()
    {
        lock (_lock)
        {
            var waiting = _waiting;
            (_waiting, _isSet) = (null, waiting is null);
            return waiting;
        }
    }
}
