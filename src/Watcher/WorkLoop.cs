using System.Runtime.Versioning;
using System.Threading.Channels;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Crawling;
using Supervisor.Filtering;
using Supervisor.Watcher.Links;
using Supervisor.Watcher.Memory;
using Supervisor.Watcher.Sources;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher;

/// <summary>
/// The single loop that owns the watcher's state. Events are hints that mark paths dirty; workers stat them; only this loop compares the results with the
/// state map, then coalesces, settles, logs and sends the differences. Start, overflow and recovery are one code path: read everything and
/// compare. Call <see cref="RunAsync"/> once, then dispose; the other methods from any thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class WorkLoop : ICrawlObserver, IDisposable
{
    // Longer, and a ping would wait noticeably; shorter, and a large crawl would pay for it.
    private static readonly TimeSpan IterationBudget = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RootPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StarvationPause = TimeSpan.FromMilliseconds(100);

    // Full means that the parent sends 256 requests within one iteration (50 ms): it waits, and so does its link.
    private readonly Channel<LoopRequest> _requests = Channel.CreateBounded<LoopRequest>(
        new BoundedChannelOptions(256) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly WatcherHello _hello;
    private readonly TimeProvider _time;
    private readonly SourceLimits _limits;
    private readonly Log _log;
    private readonly long _start;
    private readonly WakeSignal _wake;
    private readonly WatchFilter _filter;
    private readonly StateMap _map = new();
    private readonly Backends _backends;
    private readonly WatchTable _watches;
    private readonly DirtySet _dirty;
    private readonly StatWorkers _statWorkers;
    private readonly StatScheduler _scheduler;
    private readonly TreeReader _reader;
    private readonly Cookies _cookies;
    private readonly InotifyEventHandler _eventHandler;
    private readonly Outbox _outbox;
    private readonly SaveDetector _saves;
    private readonly Reporter _reporter;
    private readonly IdleAudit _audit;
    private readonly FlushRounds _flushes = new();
    private readonly EventWatermark _watermark;
    private readonly ResyncCounter _resyncs = new();
    private WatchBaseline _baseline;
    private BaselineCutoff _cutoff;
    private Inotify? _source;
    private WatcherPhase _phase = WatcherPhase.Starting;
    private MemoryState _memory = new MemoryState.Normal();
    private TimeSpan _nextHeartbeat;
    private TimeSpan _nextRootCheck;
    private TimeSpan _readPausedUntil;
    private int? _exitWhenDelivered;

    public WorkLoop(WatcherHello hello, WatchFilter filter, IParent parent, SourceLimits limits, Log log, TimeProvider time)
    {
        _hello = hello;
        _filter = filter;
        _limits = limits;
        _log = log;
        _time = time;
        _start = time.GetTimestamp();
        _wake = new WakeSignal(time);
        _backends = new Backends(hello, filter, limits, _wake.Set);
        _watches = new WatchTable(_map, _backends);
        _dirty = new DirtySet(filter.Roots);
        _statWorkers = new StatWorkers(hello.Settings.Compare, _wake.Set);
        _rules = new RuleFileTracker(filter);
        _reader = new TreeReader(_map, _watches, filter, _rules, hello.Settings.Compare, this);
        _scheduler = new StatScheduler(_map, _reader, _dirty, _statWorkers, filter.Roots);
        _outbox = new Outbox(hello, filter, limits, time);
        _saves = new SaveDetector(_map, _reader, _outbox.WasThere);
        _cookies = new Cookies(hello.SnapshotPath + ".flush", hello.Epoch);
        _eventHandler = new InotifyEventHandler(_map, _watches, filter, _rules, _dirty, _outbox.Holds, _outbox.Unseen, _cookies, _backends);
        _treeHintHandler = new TreeHintHandler(_map, _reader, filter, _rules, _dirty, _outbox.Holds, _outbox.Unseen);
        _rootReport = new RootStatusReport(_map, _reader, _watches, _backends, hello, filter.Roots);
        _polls = new PollScheduler(_reader, () => _watches.Polled, PollInterval.Shortest);
        _audits = new PollScheduler(_reader, () => _watches.Audited, limits.AuditPause);
        _audit = new IdleAudit(_map, _reader, _dirty, hello.Settings.Compare);
        _role = hello.Standby ? new WatcherRole.Standby() : new WatcherRole.Active();
        _baseline = hello.Baseline;
        _cutoff = new BaselineCutoff(hello.Baseline, time.GetUtcNow());
        _watermark = new EventWatermark(hello.Baseline.Watermark, time);
        _reporter = new Reporter(parent, hello.Epoch, _requests.Writer, _wake.Set);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Watches until stopped, or until a drain has ended; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var workers = _statWorkers.RunAsync(ending.Token);
        var reporting = _reporter.RunAsync(ending.Token);

        try
        {
            return await LoopAsync(workers, ending.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (int)ExitCode.Ok;
        }
        finally
        {
            await ending.CancelAsync();
            await _reader.EndAsync();
            await workers;
            await reporting;
        }
    }

    /// <summary>After <see cref="RunAsync"/> has returned.</summary>
    public void Dispose()
    {
        _suspend.Dispose();
        _source?.Dispose();
        _backends.Dispose();
        _outbox.Dispose();
        _wake.Dispose();
    }

    private async Task<int> LoopAsync(Task workers, CancellationToken stopping)
    {
        Begin();

        while (true)
        {
            var next = RunIteration();

            // A worker ends only by a bug, and without it stat requests would never complete.
            if (workers.IsCompleted)
                await workers;

            // The next watcher finds again what an unfinished crawl found.
            if (_exitWhenDelivered is { } exitCode && (_outbox.IsDelivered || _phase != WatcherPhase.Watching || IsStandby))
                return exitCode;

            // Read the clock once: at a second reading the moment may have passed.
            var rest = next - Now;

            if (rest > TimeSpan.Zero)
                await WaitAsync(rest, due: next, stopping);
            else
                await Task.Yield();

            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One iteration: take events, stat, read directories, deliver. Returns when the next one is due at the latest.</summary>
    private TimeSpan RunIteration()
    {
        TakeRequests();

        if (_exitWhenDelivered is null)
            ProcessInput();

        TakeOverIfRequested();
        var due = Earliest(Deliver(), HeartbeatIfDue());

        if (_exitWhenDelivered is null)
            due = Earliest(due, Earliest(CheckRoots(), Earliest(CheckSources(), Earliest(Poll(), Recrawl()))));

        due = Earliest(due, Earliest(AdvanceFlush() ?? TimeSpan.MaxValue, TrimIfDue()));

        if (!HasWork && Uninspected == 0)
            _outbox.WriteRefreshed(Now);

        return HasWork ? TimeSpan.Zero : due;
    }

    /// <summary>There is work to do at once; a stat request in flight wakes the loop when it completes.</summary>
    private bool HasWork => _exitWhenDelivered is null && (CanRead || CanSchedule);

    private bool CanRead => _reader.Waiting > 0 && Now >= _readPausedUntil;

    private bool CanSchedule => _dirty.Count > 0 && _statWorkers.HasRoom && !_outbox.IsWindowShut;

    private void ProcessInput()
    {
        if (!_flushes.HoldsIntake)
            TakeEvents();

        _scheduler.TakeResults();
        ReadDirectories();

        while (CanSchedule && _scheduler.TryScheduleNext())
        {
        }

        FinishCrawl();
    }

    private void ReadDirectories()
    {
        var until = Now + IterationBudget;

        while (CanRead && Now < until && !_reader.IsStarved)
            _reader.ReadNext();

        _reader.Settle();

        if (!_reader.IsStarved)
            return;

        _readPausedUntil = Now + StarvationPause;
        _reader.TryAgain();
    }

    private static TimeSpan Earliest(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
