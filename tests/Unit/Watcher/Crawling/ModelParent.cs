using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Supervisor.Watcher.Links;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>
/// A parent that knows of the disk only what watchers tell it: for every file that a batch names it reads what is there at that moment. If its
/// model is the disk in the end, nothing was lost. It outlives the watchers, as the real one does.
/// </summary>
internal sealed class ModelParent(string root) : IParent
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _model = WatchedTree.Read(root);
    private readonly List<ChangeBatch> _batches = [];

    // Full means that the waiting test has not yet looked at the last arrival.
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<bool> _beaten = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public string? Applied { get; private set; }

    /// <summary>Moves as in the real parent: with batches, and with the ToldUntil of heartbeats.</summary>
    public DateTimeOffset Watermark { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>
    /// A server that reads everything whenever it is told of a change, and again when it is told that there may have been one: see
    /// <see cref="ModelServer"/>.
    /// </summary>
    public ModelServer? Server { get; init; }

    /// <summary>Every span in which something may have been there that was not seen.</summary>
    public IReadOnlyList<UnseenSpan> Unseen
    {
        get
        {
            lock (_lock)
                return [.. _batches.SelectMany(batch => batch.Services).Select(service => service.Unseen).OfType<UnseenSpan>()];
        }
    }

    /// <summary>Decides what becomes of the n-th batch; null: applied and acknowledged.</summary>
    public Func<int, BatchOutcome>? FateOf { get; set; }

    public ConcurrentQueue<Heartbeat> Beats { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public IReadOnlyList<ChangeBatch> Batches
    {
        get
        {
            lock (_lock)
                return [.. _batches.Where(batch => batch.Services.Any(service => service.Unseen is null))];
        }
    }

    /// <summary>Those too that tell of nothing but what was not seen.</summary>
    public IReadOnlyList<ChangeBatch> AllBatches
    {
        get
        {
            lock (_lock)
                return [.. _batches];
        }
    }

    public IReadOnlyDictionary<string, string> Model
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, string>(_model, StringComparer.Ordinal);
        }
    }

    /// <summary>Every delivered name, in order.</summary>
    public IEnumerable<string> Names => Batches.SelectMany(batch => batch.Services).SelectMany(service => service.Files);

    /// <summary>Completes once a batch has named each of them.</summary>
    public async Task ReportedAsync(params string[] paths)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (paths.Except(Names, StringComparer.Ordinal).Any())
            await _arrivals.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Completes once so many signs of life have come.</summary>
    public async Task BeatenAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (Beats.Count < count)
            await _beaten.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Completes once a watcher has said so in a heartbeat.</summary>
    public async Task CaughtUpAsync(Predicate<Heartbeat> said)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (!Beats.Any(beat => said(beat)))
            await _arrivals.Reader.ReadAsync(patience.Token);
    }

    public void Forget()
    {
        lock (_lock)
            _batches.Clear();
    }

    public async Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        int number;

        lock (_lock)
        {
            number = _batches.Count;
            _batches.Add(batch);
        }

        var outcome = FateOf?.Invoke(number) ?? BatchOutcome.Acknowledged;

        if (outcome != BatchOutcome.Lost)
            Apply(batch);

        _arrivals.Writer.TryWrite(true);

        if (outcome != BatchOutcome.Acknowledged)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        Beats.Enqueue(heartbeat);
        _beaten.Writer.TryWrite(true);

        lock (_lock)
            Advance(heartbeat.ToldUntil);

        _arrivals.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken)
    {
        Warnings.Enqueue(warning.Message);
        return Task.CompletedTask;
    }

    private void Apply(ChangeBatch batch)
    {
        lock (_lock)
        {
            foreach (var service in batch.Services)
            {
                foreach (var path in service.Files)
                    Look(path);

                if (service.LostTrack || service.More > 0)
                    LookAtAll();
            }

            Applied = batch.Cursor;
            Advance(batch.At - TimeSpan.FromSeconds(15));
        }

        foreach (var service in batch.Services)
            Server?.Hear(service);
    }

    private void Advance(DateTimeOffset? watermark)
    {
        if (watermark > Watermark)
            Watermark = watermark.Value;
    }

    private void LookAtAll()
    {
        _model.Clear();

        foreach (var (path, content) in WatchedTree.Read(root))
            _model[path] = content;
    }

    // The name may stand for a folder that went with everything in it.
    private void Look(string path)
    {
        foreach (var beneath in _model.Keys.Where(known => IsMeant(known, path)).ToArray())
            _model.Remove(beneath);

        Read(path);
    }

    private static bool IsMeant(string file, string path) => file == path || file.StartsWith(path + '/', StringComparison.Ordinal);

    private void Read(string path)
    {
        try
        {
            _model[path] = File.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            foreach (var (file, content) in WatchedTree.Read(path))
                _model[file] = content;
        }
    }
}

internal enum BatchOutcome
{
    Acknowledged,

    /// <summary>Applied, but the acknowledgement never reaches the watcher.</summary>
    Unacknowledged,

    /// <summary>It never arrived.</summary>
    Lost,
}
