using StreamJsonRpc;
using Supervisor.Host.Running;
using Supervisor.Host.Serving;
using Supervisor.Wire;

namespace Supervisor.Host.Links;

/// <summary>
/// Who is the parent: the link that said hello with the highest epoch. Pushes every status to it, and counts the time without one: when
/// that exceeds the grace that the last parent gave, the host leaves in order. Thread-safe.
/// </summary>
internal sealed class ParentLinks(StatusBoard board, Undertakings undertakings, Log log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A host that was spawned and never greeted: its parent died between the two.</summary>
    private static readonly TimeSpan FirstHello = TimeSpan.FromSeconds(60);

    /// <summary>The sign of life where nothing changes.</summary>
    private static readonly TimeSpan StatusPeriod = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan EarlyTimer = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _orphaned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _leavesAlone;
    private RpcLink? _parent;
    private long _highest = long.MinValue;
    private TimeSpan? _grace = FirstHello;
    private ITimer? _timer;

    /// <summary>Completes when the host has been without a parent for too long.</summary>
    public Task Orphaned => _orphaned.Task;

    /// <summary>Starts to count the time without a parent.</summary>
    public void Begin()
    {
        lock (_lock)
            CountOrphanTime();
    }

    public HostWelcome Greet(HostHello hello, RpcLink link, Func<int, HostWelcome> welcome)
    {
        var protocol = Protocol.Agree(hello.OldestProtocol, hello.NewestProtocol) ?? throw ErrorCode.Error(
            ErrorCode.InvalidRequest, $"This host speaks protocol {Protocol.Oldest} to {Protocol.Newest}, the parent {hello.OldestProtocol} to {hello.NewestProtocol}.");
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

        log.ParentGreeted(hello.ParentPid, hello.Epoch);
        if (older != link)
            undertakings.Begin(() => PushAsync(link));

        return welcome(protocol);
    }

    /// <summary>Carries out an order, if it comes from the parent that is in charge.</summary>
    public TTask AsParent<TTask>(RpcLink link, Func<TTask> order) where TTask : Task
    {
        lock (_lock)
        {
            if (link != _parent)
                throw _highest == long.MinValue ? ErrorCode.Error(ErrorCode.NotNow, "Say hello first.") : Outdated();
        }

        return order();
    }

    public void Ended(RpcLink link, string why)
    {
        lock (_lock)
        {
            if (link != _parent)
                return;

            _parent = null;
            CountOrphanTime();
        }

        log.ParentLost(why);
    }

    /// <summary>
    /// This process alone is to end. That its server is stopped is then no news of the service, with which the next host goes on: told, it would
    /// read as "stopped for good".
    /// </summary>
    public void LeaveAlone() => _leavesAlone = true;

    /// <summary>Waits until the parent has hung up, which it does once it has our last answer.</summary>
    public async Task HungUpAsync(TimeSpan within)
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

    private void CountOrphanTime() => _timer = _grace is { } grace
        ? time.CreateTimer(_ => _orphaned.TrySetResult(), state: null, grace, Timeout.InfiniteTimeSpan)
        : null;

    private async Task PushAsync(RpcLink link)
    {
        var (status, changed) = board.Look();

        while (!link.Ended.IsCompleted && !_stopping.IsCancellationRequested && !(_leavesAlone && status.State == ServicePhase.Stopped))
        {
            // One for all the signs of life that follow: each new one would stay registered with both tasks until something happens.
            var news = Task.WhenAny(changed, link.Ended);

            try
            {
                do
                    await link.NotifyAsync(Notifications.HostStatus, status, _stopping.Token);
                while (!await HappensAsync(news));
            }
            catch (Exception over) when (over is LinkEndedException or OperationCanceledException)
            {
                return;
            }

            (status, changed) = board.Look();
        }
    }

    /// <summary>
    /// All hosts give their signs at the same moments, so that the parent wakes once for all of them: the monotonic clock is the same in every process. A
    /// timer may come a little early: that moment's sign has been given.
    /// </summary>
    private TimeSpan ToNextSign()
    {
        var left = StatusPeriod - TimeSpan.FromTicks(time.GetElapsedTime(0).Ticks % StatusPeriod.Ticks);
        return left < EarlyTimer ? left + StatusPeriod : left;
    }

    /// <summary>false: nothing within the period, so the same status is to be the sign of life. Nothing is thrown: it is the usual case.</summary>
    private async Task<bool> HappensAsync(Task news)
    {
        await news.WaitAsync(ToNextSign(), time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Token.ThrowIfCancellationRequested();
        return news.IsCompleted;
    }
}
