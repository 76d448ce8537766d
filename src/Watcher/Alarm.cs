using System.Threading.Channels;

namespace Supervisor.Watcher;

/// <summary>Wakes one loop: when somebody rings, from any thread, or when it is time. Rings during the loop's work are kept, as one.</summary>
internal sealed class Alarm : IDisposable
{
    // Full means that it rings already: one ring is as good as ten.
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ITimer _timer;

    public Alarm(TimeProvider time) =>
        _timer = time.CreateTimer(_ => Ring(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>May return early, never late.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        _timer.Change(atMost, Timeout.InfiniteTimeSpan);
        await _rings.Reader.ReadAsync(stopping);
    }

    public void Dispose() => _timer.Dispose();
}
