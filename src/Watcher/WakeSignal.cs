using System.Threading.Channels;

namespace Supervisor.Watcher;

/// <summary>Wakes one loop: on a signal from any thread, or when its timer expires. Signals that arrive while the loop works are kept, as one.</summary>
internal sealed class WakeSignal : IDisposable
{
    // Full means that a signal is pending already: one is as good as ten.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ITimer _timer;

    public WakeSignal(TimeProvider time) =>
        _timer = time.CreateTimer(_ => Set(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Set() => _signals.Writer.TryWrite(true);

    /// <summary>May return early, never late.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        _timer.Change(atMost, Timeout.InfiniteTimeSpan);
        await _signals.Reader.ReadAsync(stopping);
    }

    public void Dispose() => _timer.Dispose();
}
