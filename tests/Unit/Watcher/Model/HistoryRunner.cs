
namespace Supervisor.Unit.Watcher.Model;

/// <summary>How a history ended: null sentence, all is well.</summary>
/// <param name="Steps">How many were played.</param>
/// <param name="Operations">Those of them that were file work.</param>
internal sealed record HistoryResult(string? Failure, int Steps, int Operations, int Deaths, int Checks);

/// <summary>
/// Runs one history in its own directory and checks the oracle. After every check, and at the end: the log's state at the applied cursor equals the disk, what was
/// delivered by name equals that state, and every server runs what is on disk.
/// </summary>
internal sealed class HistoryRunner : IAsyncDisposable
{
    private const int Shown = 5;
    private static readonly TimeSpan BatchTimeout = TimeSpan.FromMilliseconds(15);
    private static long _epochs;

    private readonly TestDirectory _directory;
    private readonly Consumer _consumer;
    private readonly LogFaults _faults;
    private readonly StartWatcher _start;
    private readonly ParentDefect _defect;
    private IModelWatcher? _watcher;
    private IModelWatcher? _standby;
    private WatcherCondition _condition;
    private readonly bool _checksLogOnly;
    private bool _isCookieReliable = true;
    private bool _isHeld;
    private int _operations;
    private int _deaths;
    private int _checks;

    private HistoryRunner(ModelSettings settings, StartWatcher start, ParentDefect defect)
    {
        _start = start;
        _defect = defect;
        _directory = new TestDirectory(settings);
        _consumer = new Consumer(_directory);
        _faults = new LogFaults(_directory);

        // Entries added or removed by a rule change are not reported.
        _checksLogOnly = settings.UsesGitignore;
    }

    /// <exception cref="Exception">Never: whatever goes wrong is a failure.</exception>
    public static async Task<HistoryResult> PlayAsync(History history, StartWatcher start, ParentDefect defect = ParentDefect.None)
    {
        await using var player = new HistoryRunner(history.Settings, start, defect);
        var at = 0;

        try
        {
            // Until its first crawl has ended, the tree is what the servers were started on.
            if (await player.CheckAsync() is { } early)
                return player.Ended(early, at);

            for (; at < history.Steps.Count; at++)
            {
                if (await player.StepAsync(history.Steps[at]) is { } failure)
                    return player.Ended($"step {at + 1}: {failure}", at);
            }

            return player.Ended(await player.CheckAsync(), at);
        }
#pragma warning disable CA1031 // A history that breaks the watcher in whatever way is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return player.Ended($"step {at + 1}: {exception}", at);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DieAsync();

        if (_standby is not null)
            await _standby.DieAsync();

        _directory.Dispose();
    }

    private HistoryResult Ended(string? failure, int steps) => new(failure, steps, _operations, _deaths, _checks);

    private async Task<string?> StepAsync(Operation step)
    {
        if (step.Kind == OperationKind.Check)
            return await CheckAsync();

        if (_directory.Work.TryDo(step))
            Note(step);
        else if (!_faults.TryDo(step, _consumer.Applied))
            await PassAsync(step);

        return null;
    }

    // What happens through another name of a file, or below a mount, no kernel tells: then a flush has to read everything.
    private void Note(Operation step)
    {
        _operations++;
        _isCookieReliable &= step.Kind is not (OperationKind.HardLink or OperationKind.Mount or OperationKind.Unmount);
    }

    private async Task PassAsync(Operation step)
    {
        switch (step.Kind)
        {
            case OperationKind.Rest:
                await Task.Delay(TimeSpan.FromMicroseconds(100 * step.Number));
                break;

            case OperationKind.Ping:
                await (await WatcherAsync()).PingAsync();
                break;

            case OperationKind.AwaitBatch:
                await WatcherAsync();
                await _consumer.AwaitBatchAsync(step.Number == 0 ? BatchTimeout : TimeSpan.FromMilliseconds(step.Number), isNew: step.Number > 0);
                break;

            case OperationKind.BatchOutcome:
                _consumer.BatchOutcome = (BatchOutcome)step.Number;
                break;

            case OperationKind.Hold:
                await HoldAsync(step.Number == 1);
                break;

            case OperationKind.Die:
                await DieAsync();
                break;

            case OperationKind.Start:
                await DieAsync();
                _condition = (WatcherCondition)step.Number;
                await WatcherAsync();
                break;

            case OperationKind.StandBy:
                await WatcherAsync();
                _standby ??= await _start(Hello() with { Standby = true }, _directory, _consumer, (WatcherCondition)step.Number);
                break;

            case OperationKind.Drain:
                _consumer.BatchOutcome = BatchOutcome.Acknowledged;
                await (await WatcherAsync()).DrainAsync();
                await DieAsync();
                break;

            default:
                throw new InvalidOperationException($"Nobody knows how to play {step}.");
        }
    }

    private async Task<IModelWatcher> WatcherAsync()
    {
        if (_watcher is not null)
            return _watcher;

        _consumer.OnNextWatcher();

        if (_standby is not { } next)
            return _watcher = await _start(Hello(), _directory, _consumer, _condition);

        _standby = null;
        await next.TakeOverAsync(Hello().Baseline);
        await next.HoldAsync(_isHeld);
        return _watcher = next;
    }

    private async Task HoldAsync(bool held)
    {
        _isHeld = held;
        await (await WatcherAsync()).HoldAsync(held);
    }

    private WatcherHello Hello()
    {
        var applied = _defect == ParentDefect.ResumesWhereItAcknowledged ? _consumer.Acknowledged : _consumer.Applied;

        return new WatcherHello(
            Protocol.Oldest, Protocol.Newest, "model", Interlocked.Increment(ref _epochs), _directory.Settings, _directory.Subscriptions,
            new WatchBaseline(applied, applied is null ? DateTimeOffset.UtcNow.AddDays(1) : _consumer.Watermark), _directory.Snapshot,
            Degraded: _condition == WatcherCondition.Degraded, Held: _isHeld);
    }

    private async Task DieAsync()
    {
        if (_watcher is not { } dying)
            return;

        _watcher = null;
        _deaths++;
        await dying.DieAsync();
        await _consumer.SettledAsync();
    }

    private async Task<string?> CheckAsync()
    {
        // The next watcher reports again what never arrived.
        if (_consumer.BatchOutcome is BatchOutcome.Lost or BatchOutcome.Unacknowledged)
            await DieAsync();

        var watcher = await WatcherAsync();
        _consumer.BatchOutcome = BatchOutcome.Acknowledged;

        // Nothing is flushed while it is kept back.
        if (_isHeld)
            await HoldAsync(held: false);

        if (!_isCookieReliable)
            NativeDisk.Remove(_directory.CookieFolder);

        await watcher.FlushAsync();
        _checks++;
        return Judge();
    }

    private string? Judge()
    {
        var disk = DiskImage.Read(_directory);
        var stale = _checksLogOnly ? null : Some(_consumer.Servers.Stale(disk));

        if (stale is not null)
            return $"servers do not run what is on disk: {stale}";

        // Where the log could not be written, the next watcher says that it lost track.
        if (LoggedState.TryLoad(_directory, _consumer.Applied) is not { } claim)
        {
            _consumer.DeliveredState.Take(null);
            return null;
        }

        var (different, untold) = (Some(claim.DifferencesTo(disk.States)), _checksLogOnly ? null : Some(_consumer.DeliveredState.DifferencesFrom(claim)));
        _consumer.DeliveredState.Take(claim);

        return (different, untold) switch
        {
            ({ } paths, _) => $"the log claims of applied {_consumer.Applied} what is not on disk: {paths}",
            (_, { } paths) => $"the log has learned what was told to nobody by name: {paths}",
            _ => null,
        };
    }

    private static string? Some(IEnumerable<string> paths)
    {
        var first = paths.Take(Shown + 1).ToList();
        return first.Count == 0 ? null : string.Join(", ", first.Take(Shown)) + (first.Count > Shown ? ", …" : "");
    }
}

/// <summary>What a parent may do wrong with cursors: the oracle has to notice.</summary>
internal enum ParentDefect
{
    None,

    /// <summary>The next watcher resumes at the last acknowledged cursor instead of the last applied one.</summary>
    ResumesWhereItAcknowledged,
}
