using System.Collections.Concurrent;

namespace Supervisor.Tree.Harness;

/// <summary>
/// A stand-in for the parent of watchers. It reads only the files that batches name, at the moment of the batch. If in the end its content equals the disk,
/// nothing was lost. It outlives the watchers, like the real one. Thread-safe.
/// </summary>
internal sealed class TestParent : IParentOfWatcher
{
    private readonly Lock _lock = new();
    private readonly string _root;
    private readonly Dictionary<string, string> _known;
    private readonly Dictionary<string, DateTimeOffset> _readAt = new(StringComparer.Ordinal);
    private readonly List<ChangeBatch> _batches = [];
    private TaskCompletionSource _changed = New();
    private Task _gate = Task.CompletedTask;
    private TaskCompletionSource? _resumed;
    private long _epoch;

    private TestParent(string root)
    {
        _root = root;
        _known = DiskContent.Read(root);
    }

    /// <summary>
    /// Begins with the content on disk, as running servers have it. The kernel stamps files with a clock that ticks every few milliseconds, so the start must
    /// be slightly after the last save.
    /// </summary>
    public static async Task<TestParent> BeginAsync(WatchedFolder folder)
    {
        var saved = DateTimeOffset.UtcNow;
        await Wait.UntilAsync(() => DateTimeOffset.UtcNow - saved > TimeSpan.FromMilliseconds(50), "the clock has moved past the last save");
        return new TestParent(folder.Root);
    }

    public string? Applied { get; private set; }

    /// <summary>Moves as in the real parent: with the batches, and with the time up to which watchers have reported.</summary>
    public DateTimeOffset Watermark { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>Decides what happens to the next batch; null: applied and acknowledged.</summary>
    public Func<ChangeBatch, BatchOutcome>? DecideOutcome { get; set; }

    /// <summary>Heartbeats, the newest last.</summary>
    public ConcurrentQueue<Heartbeat> Beats { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>Batches with a change since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<ChangeBatch> Batches
    {
        get
        {
            lock (_lock)
                return [.. _batches.Where(batch => batch.Services.Any(service => service.Unseen is null))];
        }
    }

    /// <summary>Every reported name, in order, printable.</summary>
    public IReadOnlyList<string> Names => [.. Batches.SelectMany(batch => batch.Services).SelectMany(service => service.Files)];

    /// <summary>The content of the disk as known from the batches.</summary>
    public IReadOnlyDictionary<string, string> Known
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, string>(_known, StringComparer.Ordinal);
        }
    }

    public long NextEpoch() => Interlocked.Increment(ref _epoch);

    /// <summary>Forgets the batches so far.</summary>
    public void Forget()
    {
        lock (_lock)
            _batches.Clear();
    }

    /// <summary>Delays: batches are neither applied nor acknowledged before <see cref="Resume"/>.</summary>
    public void Pause()
    {
        lock (_lock)
            _gate = (_resumed = New()).Task;
    }

    public void Resume()
    {
        lock (_lock)
            _resumed?.TrySetResult();
    }

    /// <summary>Completes once batches have named each path.</summary>
    public Task ReportedAsync(params string[] paths) => UntilAsync(
        () => !paths.Except(Names, StringComparer.Ordinal).Any(), $"batches name {string.Join(", ", paths)}");

    /// <summary>Checks the condition after each message.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        using var late = new CancellationTokenSource(Wait.DefaultTimeout);

        while (true)
        {
            Task changed;

            lock (_lock)
                changed = _changed.Task;

            if (holds())
                return;

            try
            {
                await changed.WaitAsync(late.Token);
            }
            catch (OperationCanceledException cancelled)
            {
                throw new TimeoutException($"Timed out waiting for: {what}; reported: {string.Join(", ", Names.Take(50))}", cancelled);
            }
        }
    }

    Task IParentOfWatcher.DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken) => DeliverAsync(batch, cancellationToken);

    Task IParentOfWatcher.HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) => Note(() =>
    {
        Beats.Enqueue(heartbeat);
        Advance(heartbeat.ToldUntil);
    });

    Task IParentOfWatcher.WarningAsync(WatcherWarning warning, CancellationToken cancellationToken) => Note(() => Warnings.Enqueue(warning.Message));

    private async Task DeliverAsync(ChangeBatch batch, CancellationToken linkEnded)
    {
        Task gate;

        lock (_lock)
            gate = _gate;

        await gate.WaitAsync(linkEnded);
        var outcome = DecideOutcome?.Invoke(batch) ?? BatchOutcome.Acknowledged;

        await Note(() =>
        {
            if (outcome != BatchOutcome.Lost)
                Apply(batch);
        });

        if (outcome != BatchOutcome.Acknowledged)
            await Task.Delay(Timeout.InfiniteTimeSpan, linkEnded);
    }

    private Task Note(Action change)
    {
        TaskCompletionSource changed;

        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = New();
        }

        changed.SetResult();
        return Task.CompletedTask;
    }

    private void Apply(ChangeBatch batch)
    {
        _batches.Add(batch);

        foreach (var service in batch.Services)
        {
            foreach (var path in service.Files)
                ReadOne(path);

            if (service.LostTrack || service.More > 0)
                ReadAll();

            if (service.Unseen is { } span)
                ReadAgain(span);
        }

        Applied = batch.Cursor;
        Advance(batch.At - TimeSpan.FromSeconds(15));
    }

    private void Advance(DateTimeOffset? watermark)
    {
        if (watermark > Watermark)
            Watermark = watermark.Value;
    }

    private void ReadAll()
    {
        _known.Clear();
        Take(_root);
    }

    /// <summary>Reads the files again that were read within the span: their content may have been outdated.</summary>
    private void ReadAgain(UnseenSpan span)
    {
        foreach (var printed in _readAt.Where(read => read.Value >= span.Since).Select(read => read.Key).ToArray())
            ReadOne(printed);
    }

    // The name may be a folder that was removed with everything in it.
    private void ReadOne(string printed)
    {
        _readAt[printed] = DateTimeOffset.UtcNow;

        if (DiskContent.ParsePrinted(printed) is not { } path)
            return;

        foreach (var beneath in _known.Keys.Where(known => known == path || known.StartsWith(path + '/', StringComparison.Ordinal)).ToArray())
            _known.Remove(beneath);

        Take(path);
    }

    private void Take(string path)
    {
        foreach (var (file, content) in DiskContent.Read(path, _root))
            _known[file] = content;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The handling of a batch.</summary>
internal enum BatchOutcome
{
    Acknowledged,

    /// <summary>Applied, but not acknowledged.</summary>
    AppliedWithoutAck,

    /// <summary>Not delivered.</summary>
    Lost,
}
