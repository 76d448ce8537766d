using System.Collections.Concurrent;
using Supervisor.Watcher.Links;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>A parent that only records the names delivered to one service: light enough not to slow a flush down. Thread-safe.</summary>
internal sealed class NameRecordingParent(string service) : IParent
{
    private static long _epochs;

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, int> _overflows = new();
    private DateTimeOffset _watermark = DateTimeOffset.UtcNow;
    private Task _last = Task.CompletedTask;

    public string? Applied { get; private set; }

    /// <summary>Of batches that have been applied and answered for, since the last <see cref="Forget"/>.</summary>
    public ICollection<string> Acknowledged => _names.Keys;

    /// <summary>How often watchers have read everything again because their buffer overflowed.</summary>
    public int Overflows => _overflows.Values.Sum();

    public void Forget() => _names.Clear();

    public WatcherHello HelloFor(TestDirectory directory) => new(
        Protocol.Oldest, Protocol.Newest, "model", Interlocked.Increment(ref _epochs), directory.Settings, directory.Subscriptions,
        new WatchBaseline(Applied, Applied is null ? DateTimeOffset.UtcNow.AddDays(1) : _watermark), directory.Snapshot, Degraded: false);

    // One after the other, as the real parent applies them, and not on the work loop's own thread: there, nothing could overtake it.
    public Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        lock (_names)
            return _last = ApplyAsync(batch, _last);
    }

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        _overflows[heartbeat.Epoch] = heartbeat.Resyncs?.BufferOverflow ?? 0;
        return Task.CompletedTask;
    }

    public Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ApplyAsync(ChangeBatch batch, Task before)
    {
        await Task.Yield();
        await before;

        foreach (var name in batch.Services.Where(change => change.Service == service).SelectMany(change => change.Files))
            _names[name] = true;

        (Applied, _watermark) = (batch.Cursor, batch.ToldUntil ?? batch.At - TimeSpan.FromSeconds(15));
    }
}
