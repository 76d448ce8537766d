using Supervisor.Wire.Contracts;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>How a history ended: null sentence, all is well.</summary>
/// <param name="Steps">How many were played.</param>
/// <param name="Operations">Those of them that were file work.</param>
internal sealed record Outcome(string? Complaint, int Steps, int Operations, int Deaths, int Checks);

/// <summary>
/// Plays one history on ground of its own and asks the oracle. After every check, and at the end: the log's claim at the applied cursor is the disk, what was told
/// by name is that claim, and every server runs the disk.
/// </summary>
internal sealed class Player : IAsyncDisposable
{
    private const int Shown = 5;
    private static readonly TimeSpan ForBatch = TimeSpan.FromMilliseconds(15);
    private static long _epochs;

    private readonly Ground _ground;
    private readonly Consumer _consumer;
    private readonly LogFaults _faults;
    private readonly StartWatcher _start;
    private readonly ParentsMistake _mistake;
    private IPlayedWatcher? _watcher;
    private IPlayedWatcher? _standby;
    private Condition _condition;
    private readonly bool _isJudgedByClaimAlone;
    private bool _isInnocent = true;
    private bool _isHeld;
    private int _operations;
    private int _deaths;
    private int _checks;

    private Player(Terms terms, StartWatcher start, ParentsMistake mistake)
    {
        _start = start;
        _mistake = mistake;
        _ground = new Ground(terms);
        _consumer = new Consumer(_ground);
        _faults = new LogFaults(_ground);

        // What rules that change let in or out is told to nobody.
        _isJudgedByClaimAlone = terms.HeedsGit;
    }

    /// <exception cref="Exception">Never: whatever goes wrong is a complaint.</exception>
    public static async Task<Outcome> PlayAsync(History history, StartWatcher start, ParentsMistake mistake = ParentsMistake.None)
    {
        await using var player = new Player(history.Terms, start, mistake);
        var at = 0;

        try
        {
            // Until its first crawl has ended, the tree is what the servers were started on.
            if (await player.CheckAsync() is { } early)
                return player.Ended(early, at);

            for (; at < history.Steps.Count; at++)
            {
                if (await player.StepAsync(history.Steps[at]) is { } complaint)
                    return player.Ended($"step {at + 1}: {complaint}", at);
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

        _ground.Dispose();
    }

    private Outcome Ended(string? complaint, int steps) => new(complaint, steps, _operations, _deaths, _checks);

    private async Task<string?> StepAsync(Operation step)
    {
        if (step.Act == Act.Check)
            return await CheckAsync();

        if (_ground.Work.TryDo(step))
            Note(step);
        else if (!_faults.TryDo(step, _consumer.Applied))
            await PassAsync(step);

        return null;
    }

    // What happens through another name of a file, or below a mount, no kernel tells: then a flush has to read everything.
    private void Note(Operation step)
    {
        _operations++;
        _isInnocent &= step.Act is not (Act.HardLink or Act.Mount or Act.Unmount);
    }

    private async Task PassAsync(Operation step)
    {
        switch (step.Act)
        {
            case Act.Rest:
                await Task.Delay(TimeSpan.FromMicroseconds(100 * step.Number));
                break;

            case Act.Ping:
                await (await WatcherAsync()).PingAsync();
                break;

            case Act.AwaitBatch:
                await WatcherAsync();
                await _consumer.AwaitBatchAsync(step.Number == 0 ? ForBatch : TimeSpan.FromMilliseconds(step.Number), isNew: step.Number > 0);
                break;

            case Act.Fate:
                _consumer.Fate = (Fate)step.Number;
                break;

            case Act.Hold:
                await HoldAsync(step.Number == 1);
                break;

            case Act.Die:
                await DieAsync();
                break;

            case Act.Start:
                await DieAsync();
                _condition = (Condition)step.Number;
                await WatcherAsync();
                break;

            case Act.StandBy:
                await WatcherAsync();
                _standby ??= await _start(Hello() with { Standby = true }, _ground, _consumer, (Condition)step.Number);
                break;

            case Act.Drain:
                _consumer.Fate = Fate.Acknowledged;
                await (await WatcherAsync()).DrainAsync();
                await DieAsync();
                break;

            default:
                throw new InvalidOperationException($"Nobody knows how to play {step}.");
        }
    }

    private async Task<IPlayedWatcher> WatcherAsync()
    {
        if (_watcher is not null)
            return _watcher;

        _consumer.MeetNext();

        if (_standby is not { } next)
            return _watcher = await _start(Hello(), _ground, _consumer, _condition);

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
        var applied = _mistake == ParentsMistake.ResumesWhereItAcknowledged ? _consumer.Acknowledged : _consumer.Applied;

        return new WatcherHello(
            Protocol.Oldest, Protocol.Newest, "model", Interlocked.Increment(ref _epochs), _ground.Settings, _ground.Subscriptions,
            new WatchBaseline(applied, applied is null ? DateTimeOffset.UtcNow.AddDays(1) : _consumer.Watermark), _ground.Snapshot,
            Degraded: _condition == Condition.Degraded, Held: _isHeld);
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
        // What a watcher sent that never arrives is told by the next one.
        if (_consumer.Fate is Fate.Lost or Fate.Unacknowledged)
            await DieAsync();

        var watcher = await WatcherAsync();
        _consumer.Fate = Fate.Acknowledged;

        // Nothing is flushed while it is kept back.
        if (_isHeld)
            await HoldAsync(held: false);

        if (!_isInnocent)
            NativeDisk.Remove(_ground.CookieFolder);

        await watcher.FlushAsync();
        _checks++;
        return Judge();
    }

    private string? Judge()
    {
        var disk = DiskImage.Read(_ground);
        var stale = _isJudgedByClaimAlone ? null : Some(_consumer.Servers.Stale(disk));

        if (stale is not null)
            return $"servers do not run what is on disk: {stale}";

        // Where the log could not be written, the next watcher says that it lost track.
        if (Claim.TryLoad(_ground, _consumer.Applied) is not { } claim)
        {
            _consumer.Belief.Take(null);
            return null;
        }

        var (different, untold) = (Some(claim.DifferencesTo(disk.States)), _isJudgedByClaimAlone ? null : Some(_consumer.Belief.ContradictionsTo(claim)));
        _consumer.Belief.Take(claim);

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
internal enum ParentsMistake
{
    None,

    /// <summary>The next watcher resumes at the last cursor that this one was heard to acknowledge, not at the one that was applied.</summary>
    ResumesWhereItAcknowledged,
}
