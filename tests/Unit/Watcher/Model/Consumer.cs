using System.Collections.Concurrent;
using Supervisor.Watcher.Links;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// The parent of every watcher of a history, and what hangs on it: it applies batches in their order and acknowledges them as outcome has it. It outlives the
/// watchers, as the real one does. Thread-safe.
/// </summary>
internal sealed class Consumer : IParent
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private Task _last = Task.CompletedTask;
    private BatchOutcome _outcome;
    private TaskCompletionSource _outcomeChanges = NewSignal();

    public Consumer(TestDirectory directory)
    {
        // Before the first server reads: every later change has to be reported.
        Watermark = DateTimeOffset.UtcNow;
        DeliveredState = new DeliveredState(directory);
        Servers = new ModelServers(directory);
    }

    public string? Applied { get; private set; }

    /// <summary>The last cursor whose acknowledgement a watcher may have got; nothing is resumed there, but by a parent that errs.</summary>
    public string? Acknowledged { get; private set; }

    /// <summary>Moves as in the real parent: with batches, and with the ToldUntil of heartbeats.</summary>
    public DateTimeOffset Watermark { get; private set; }

    public DeliveredState DeliveredState { get; }

    public ModelServers Servers { get; }

    public ConcurrentQueue<string> Warnings { get; } = new();

    public int Batches { get; private set; }

    /// <summary>Of every batch that has not been applied yet. What is lost stays lost until the watcher is another one.</summary>
    public BatchOutcome BatchOutcome
    {
        get => _outcome;

        set
        {
            lock (_lock)
            {
                if (_outcome != BatchOutcome.Lost)
                    ChangeOutcome(value);
            }
        }
    }

    /// <summary>There is another watcher: its batches arrive.</summary>
    public void OnNextWatcher()
    {
        lock (_lock)
            ChangeOutcome(BatchOutcome.Acknowledged);
    }

    /// <summary>Returns once there was a batch since the last call, or after the time.</summary>
    /// <param name="isNew">Only one from now on counts.</param>
    public Task AwaitBatchAsync(TimeSpan patience, bool isNew)
    {
        while (isNew && _arrivals.Wait(TimeSpan.Zero))
        {
            // That was an earlier one.
        }

        return _arrivals.WaitAsync(patience);
    }

    /// <summary>Everything that has arrived is applied. After the watcher's death.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
            return _last;
    }

    public async Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        Task<BatchOutcome> applying;

        lock (_lock)
        {
            applying = ApplyAsync(_last, batch);
            _last = applying;
        }

        var outcome = await applying;
        _arrivals.Release();

        if (outcome == BatchOutcome.Late)
            await ChangedOutcomeAsync(cancellationToken);
        else if (outcome != BatchOutcome.Acknowledged)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        lock (_lock)
            Acknowledged = batch.Cursor;
    }

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        lock (_lock)
            Advance(heartbeat.ToldUntil);

        return Task.CompletedTask;
    }

    public Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken)
    {
        Warnings.Enqueue(warning.Message);
        return Task.CompletedTask;
    }

    private async Task<BatchOutcome> ApplyAsync(Task earlier, ChangeBatch batch)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        BatchOutcome outcome;

        lock (_lock)
            outcome = _outcome;

        if (outcome == BatchOutcome.Lost)
            return outcome;

        // The cursor is taken to be applied in the moment in which the batch is.
        DeliveredState.Apply(batch);
        Servers.Apply(batch.Services);

        lock (_lock)
        {
            Applied = batch.Cursor;
            Advance(batch.ToldUntil ?? batch.At - TimeSpan.FromSeconds(15));
            Batches++;
        }

        return outcome;
    }

    private Task ChangedOutcomeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _outcome == BatchOutcome.Late ? _outcomeChanges.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    private void ChangeOutcome(BatchOutcome outcome)
    {
        _outcome = outcome;
        _outcomeChanges.TrySetResult();
        _outcomeChanges = NewSignal();
    }

    private void Advance(DateTimeOffset? watermark)
    {
        if (watermark > Watermark)
            Watermark = watermark.Value;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
