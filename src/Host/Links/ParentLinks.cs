using StreamJsonRpc;
using Supervisor.Host.Running;
using Supervisor.Host.StateMachine;
using Supervisor.Processes;
using Supervisor.Supervision;
using Supervisor.Wire;

namespace Supervisor.Host.Links;

/// <summary>
/// Tracks the parent: the link that said hello with the highest epoch. Pushes every status to it and measures the time without a parent. When that exceeds
/// the orphan grace of the last parent, the host shuts down. Thread-safe.
/// </summary>
internal sealed class ParentLinks(StatusBoard board, SharedHeartbeat? heartbeat, BackgroundTasks backgroundTasks, Log log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>For a host that was spawned but got no hello: its parent died in between.</summary>
    private static readonly TimeSpan FirstHelloTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Some, not all: to wake the thread pool is most of what a beat costs.</summary>
    private const int BeatsPerPoolCheck = 3;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _orphaned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _suppressesStopped;
    private RpcLink? _parent;
    private long _highest = long.MinValue;
    private TimeSpan? _grace = FirstHelloTimeout;
    private ITimer? _timer;

    /// <summary>Completes when the host has been without a parent for too long.</summary>
    public Task Orphaned => _orphaned.Task;

    /// <summary>Starts to measure the time without a parent.</summary>
    public void Start()
    {
        lock (_lock)
            StartOrphanTimer();
    }

    public HostWelcome AcceptHello(HostHello hello, RpcLink link, Func<int, HostWelcome> welcome)
    {
        var protocol = Protocol.Agree(hello.OldestProtocol, hello.NewestProtocol) ?? throw ErrorCode.Error(
            ErrorCode.InvalidRequest,
            $"This host speaks protocol {Protocol.Oldest} to {Protocol.Newest}, the parent {hello.OldestProtocol} to {hello.NewestProtocol}.");
        RpcLink? older;

        lock (_lock)
        {
            if (hello.Epoch < _highest)
            {
                log.ParentRefused(hello.Epoch, _highest);
                throw Outdated();
            }

            (older, _parent) = (_parent, link);
            _highest = hello.Epoch;
            _grace = hello.OrphanGrace;
            _timer?.Dispose();
            _timer = null;
        }

        if (older is not null && older != link)
            older.Close("a newer parent has taken over");

        log.ParentAccepted(hello.ParentPid, hello.Epoch);
        if (older != link)
            backgroundTasks.Start(() => PushStatusAsync(link, hello.Epoch));

        return welcome(protocol);
    }

    /// <summary>Runs a request if it comes from the current parent.</summary>
    public TTask RunForParent<TTask>(RpcLink link, Func<TTask> order) where TTask : Task
    {
        lock (_lock)
        {
            if (link != _parent)
                throw _highest == long.MinValue ? ErrorCode.Error(ErrorCode.NotNow, "Say hello first.") : Outdated();
        }

        return order();
    }

    public void OnLinkEnded(RpcLink link, string why)
    {
        lock (_lock)
        {
            if (link != _parent)
                return;

            _parent = null;
            StartOrphanTimer();
        }

        log.ParentLost(why);
    }

    /// <summary>
    /// For an exit of this process alone. The service goes on with the next host, so the status "stopped" is not sent: the parent would read it as a final
    /// stop.
    /// </summary>
    public void SuppressStoppedStatus() => _suppressesStopped = true;

    /// <summary>Waits until the parent closes the link, which it does after our last reply.</summary>
    public async Task WaitForHangUpAsync(TimeSpan within)
    {
        Task ended;

        lock (_lock)
            ended = _parent?.Ended ?? Task.CompletedTask;

        await Task.WhenAny(ended, Task.Delay(within, time, _stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();

        lock (_lock)
            _timer?.Dispose();

        _stopping.Dispose();
    }

    private static LocalRpcException Outdated() => ErrorCode.Error(ErrorCode.Outdated, "A newer parent has taken over this host.");

    private void StartOrphanTimer() => _timer = _grace is { } grace
        ? time.CreateTimer(_ => _orphaned.TrySetResult(), state: null, grace, Timeout.InfiniteTimeSpan)
        : null;

    private async Task PushStatusAsync(RpcLink link, long epoch)
    {
        var (status, changed) = board.Read();

        while (!link.Ended.IsCompleted && !_stopping.IsCancellationRequested && !(_suppressesStopped && status.State == ServicePhase.Stopped))
        {
            // One task for all heartbeats that follow: a new one each time would stay registered with both tasks until one completes.
            var change = Task.WhenAny(changed, link.Ended);

            try
            {
                await link.NotifyAsync(Notifications.HostStatus, status, _stopping.Token);

                for (var beats = 0; !await ChangedWithinPeriodAsync(change); beats++)
                {
                    // The wait ends on the timers' thread. A thread pool that is stuck must not seem alive, so some beats are made by it.
                    if (beats % BeatsPerPoolCheck == 0)
                        await Task.Yield();

                    if (heartbeat?.TryBeat(reader: epoch) != true)
                        await link.NotifyAsync(Notifications.HostStatus, status, _stopping.Token);
                }
            }
            catch (Exception ended) when (ended is LinkEndedException or OperationCanceledException)
            {
                return;
            }

            (status, changed) = board.Read();
        }
    }

    /// <summary>false: nothing changed within the period, so a heartbeat is due. Nothing is thrown: it is the usual case.</summary>
    private async Task<bool> ChangedWithinPeriodAsync(Task change)
    {
        await change.WaitAsync(CommonMoments.UntilNext(HeartbeatRule.Interval, time), time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Token.ThrowIfCancellationRequested();
        return change.IsCompleted;
    }
}
