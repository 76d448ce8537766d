using System.Collections.Concurrent;

namespace Supervisor.Tree.Harness;

/// <summary>
/// The parent of watchers, as far as they can tell. It knows of the disk only what they tell it: of every file that a batch names it reads what is there at
/// that moment. If in the end it knows what is on disk, nothing was lost. It outlives the watchers, as the real one does. Thread-safe.
/// </summary>
internal sealed class TestParent : IParentOfWatcher
{
    private readonly Lock _lock = new();
    private readonly string _root;
    private readonly Dictionary<string, string> _known;
    private readonly Dictionary<string, DateTimeOffset> _readAt = new(StringComparer.Ordinal);
    private readonly List<ChangeBatch> _batches = [];
    private TaskCompletionSource _news = New();
    private Task _gate = Task.CompletedTask;
    private TaskCompletionSource? _opening;
    private long _epoch;

    private TestParent(string root)
    {
        _root = root;
        _known = DiskContent.Read(root);
    }

    /// <summary>
    /// What is on disk now is what the servers run. The kernel stamps files with a clock that ticks every few milliseconds, so the moment must be a little
    /// after the last save.
    /// </summary>
    public static async Task<TestParent> BeginAsync(WatchedFolder folder)
    {
        var saved = DateTimeOffset.UtcNow;
        await Wait.UntilAsync(() => DateTimeOffset.UtcNow - saved > TimeSpan.FromMilliseconds(50), "what was saved is older than the servers");
        return new TestParent(folder.Root);
    }

    public string? Applied { get; private set; }

    /// <summary>As the real parent moves it: with the batches, and with what watchers say to have told.</summary>
    public DateTimeOffset Watermark { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>Decides what becomes of the next batch that arrives; null: applied and acknowledged.</summary>
    public Func<ChangeBatch, BatchOutcome>? DecideOutcome { get; set; }

    /// <summary>The newest last.</summary>
    public ConcurrentQueue<Heartbeat> Beats { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>Those that tell of a change, since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<ChangeBatch> Batches
    {
        get
        {
            lock (_lock)
                return [.. _batches.Where(batch => batch.Services.Any(service => service.Unseen is null))];
        }
    }

    /// <summary>Every name that was told, in order, printable.</summary>
    public IReadOnlyList<string> Names => [.. Batches.SelectMany(batch => batch.Services).SelectMany(service => service.Files)];

    /// <summary>The consumer's idea of the disk.</summary>
    public IReadOnlyDictionary<string, string> Known
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, string>(_known, StringComparer.Ordinal);
        }
    }

    public long NextEpoch() => Interlocked.Increment(ref _epoch);

    /// <summary>Later batches are counted anew.</summary>
    public void Forget()
    {
        lock (_lock)
            _batches.Clear();
    }

    /// <summary>A parent that takes its time: what arrives is neither applied nor acknowledged before <see cref="GoOn"/>.</summary>
    public void Pause()
    {
        lock (_lock)
            _gate = (_opening = New()).Task;
    }

    public void GoOn()
    {
        lock (_lock)
            _opening?.TrySetResult();
    }

    /// <summary>Completes once batches have named each of them.</summary>
    public Task ToldAsync(params string[] paths) => UntilAsync(
        () => !paths.Except(Names, StringComparer.Ordinal).Any(), $"batches name {string.Join(", ", paths)}");

    /// <summary>Looks again whenever anything was said.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        using var late = new CancellationTokenSource(Wait.DefaultTimeout);

        while (true)
        {
            Task news;

            lock (_lock)
                news = _news.Task;

            if (holds())
                return;

            try
            {
                await news.WaitAsync(late.Token);
            }
            catch (OperationCanceledException cancelled)
            {
                throw new TimeoutException($"Waited in vain: {what}; told: {string.Join(", ", Names.Take(50))}", cancelled);
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
        TaskCompletionSource news;

        lock (_lock)
        {
            change();
            news = _news;
            _news = New();
        }

        news.SetResult();
        return Task.CompletedTask;
    }

    private void Apply(ChangeBatch batch)
    {
        _batches.Add(batch);

        foreach (var service in batch.Services)
        {
            foreach (var path in service.Files)
                Look(path);

            if (service.LostTrack || service.More > 0)
                LookAtAll();

            if (service.Unseen is { } span)
                LookAgain(span);
        }

        Applied = batch.Cursor;
        Advance(batch.At - TimeSpan.FromSeconds(15));
    }

    private void Advance(DateTimeOffset? watermark)
    {
        if (watermark > Watermark)
            Watermark = watermark.Value;
    }

    private void LookAtAll()
    {
        _known.Clear();
        Take(_root);
    }

    /// <summary>As a server that is told to: what was read within the span may have been something that is there no more.</summary>
    private void LookAgain(UnseenSpan span)
    {
        foreach (var printed in _readAt.Where(read => read.Value >= span.Since).Select(read => read.Key).ToArray())
            Look(printed);
    }

    // The name may stand for a folder that went with everything in it.
    private void Look(string printed)
    {
        _readAt[printed] = DateTimeOffset.UtcNow;

        if (DiskContent.Meant(printed) is not { } path)
            return;

        foreach (var beneath in _known.Keys.Where(known => known == path || known.StartsWith(path + '/', StringComparison.Ordinal)).ToArray())
            _known.Remove(beneath);

        Take(path);
    }

    private void Take(string path)
    {
        foreach (var (file, content) in DiskContent.Read(path))
            _known[file] = content;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What becomes of a batch.</summary>
internal enum BatchOutcome
{
    Acknowledged,

    /// <summary>Applied, but the watcher never hears of it.</summary>
    AppliedWithoutAck,

    /// <summary>It never arrived.</summary>
    Lost,
}
