namespace Supervisor.Parent.Control;

/// <summary>The status of the whole tree, as clients see it. The loop updates it; any thread reads it.</summary>
internal sealed class Board(TreeStatus tree, TreeState initial)
{
    private volatile Shown _shown = new(Compose(tree, initial), initial);

    /// <summary>The configuration that the tree runs. Services that are being removed are still in <see cref="Report"/>.</summary>
    public TreePlan Plan => _shown.State.Plan;

    public StatusReport Report => _shown.Report;

    /// <summary>A watcher watches by the rules of this plan.</summary>
    public bool IsWatching(TreePlan plan) => Report.Watcher.State == WatcherPhase.Watching && _shown.State.Watcher.Rules == plan.WatchHash;

    /// <summary>Waits for a board with a higher revision. A slow caller misses boards in between: only the newest counts.</summary>
    public Task<StatusReport> AfterAsync(long revision, CancellationToken cancellationToken) =>
        UntilAsync(report => report.Tree.Revision > revision ? report : null, cancellationToken);

    /// <summary>The same; null once <paramref name="ended"/> has completed.</summary>
    public async Task<StatusReport?> AfterAsync(long revision, Task ended)
    {
        while (_shown is var shown && shown.Report.Tree.Revision <= revision && !ended.IsCompleted)
            await Task.WhenAny(shown.Replaced.Task, ended);

        return ended.IsCompleted ? null : Report;
    }

    /// <summary>The first result of <paramref name="judge"/> that is not null, over the current board and those that follow.</summary>
    public Task<T> UntilAsync<T>(Func<StatusReport, T?> judge, CancellationToken cancellationToken) where T : class =>
        UntilAsync((report, _) => judge(report), cancellationToken);

    /// <summary>The same with the state that the board shows, which has the newest requests of commands.</summary>
    public async Task<T> UntilAsync<T>(Func<StatusReport, TreeState, T?> judge, CancellationToken cancellationToken) where T : class
    {
        for (var shown = _shown; ; shown = _shown)
        {
            if (judge(shown.Report, shown.State) is { } verdict)
                return verdict;

            await shown.Replaced.Task.WaitAsync(cancellationToken);
        }
    }

    public void Show(TreeState state)
    {
        var before = _shown;
        var next = Compose(tree with { Revision = before.Report.Tree.Revision + 1 }, state);

        if (next.HasSameContentAs(before.Report) && HasSameRequests(state, before.State))
        {
            _shown = before with { State = state };
            return;
        }

        _shown = new Shown(next, state);
        before.Replaced.TrySetResult();
    }

    private static bool HasSameRequests(TreeState one, TreeState other) =>
        one.Goal == other.Goal && one.Hosts.Values.Select(slot => slot.Request).SequenceEqual(other.Hosts.Values.Select(slot => slot.Request));

    private static StatusReport Compose(TreeStatus tree, TreeState state) => new(
        tree with { Change = state.Change, Groups = state.Plan.Spec.Groups }, StatusOf(state.Watcher, state.Plan.Spec.Watcher.Limits.MemoryBytes, PressureOn(state), state.Holds.Values),
        [.. state.Plan.Spec.Services.Select(spec => state.Hosts[spec.Name])
            .Concat(state.Hosts.Values.Where(slot => !state.Plan.Knows(slot.Service) && slot.State is not HostState.Absent)).Select(slot => StatusOf(slot, state))]);

    private static WatcherPressure PressureOn(TreeState state) =>
        state is { Replacement: not null } or { Goal: Goal.Serve, Watcher.State: WatcherState.Stopping { Planned: true } } ? WatcherPressure.Recycling
        : state.Watcher.Ladder.IsThrottled ? WatcherPressure.Throttled
        : state.Watcher.Ladder.IsTrimming ? WatcherPressure.Trimming : WatcherPressure.None;

    private static WatcherStatus StatusOf(WatcherSlot slot, long? memoryLimit, WatcherPressure pressure, IEnumerable<Hold> holds)
    {
        var phase = slot.State switch
        {
            WatcherState.Absent when slot.Restarts > 0 => WatcherPhase.Backoff,
            WatcherState.Stopped => WatcherPhase.Stopped,
            WatcherState.Up => slot.Heartbeat?.Phase ?? WatcherPhase.Crawling,
            WatcherState.Stopping => WatcherPhase.Recovering,
            _ => WatcherPhase.Starting,
        };

        return new WatcherStatus(
            phase, slot.Pid, slot.Epoch, slot.Heartbeat?.Backend, slot.Restarts, slot.Degraded, slot.Heartbeat?.Directories ?? 0, slot.Heartbeat?.Files ?? 0,
            slot.Heartbeat?.QueueDepth ?? 0, slot.Sample?.MemoryBytes ?? slot.Heartbeat?.MemoryBytes, memoryLimit, slot.Sample?.CpuPercent, slot.LastExit,
            pressure, slot.Heartbeat?.Roots ?? [], slot.Resyncs.Plus(slot.Heartbeat?.Resyncs ?? ResyncCounts.None),
            // Shown only once the watcher has applied it.
            slot.State is WatcherState.Up && slot.Held != true ? [] : [.. holds.Select(hold => new HoldStatus(hold.Name, hold.Holder, hold.Since))], slot.LastExitReason);
    }

    /// <summary>The status that the host reported, except where the parent knows more: between two hosts, and until a start or a stop is answered.</summary>
    private static ServiceStatus StatusOf(HostSlot slot, TreeState state)
    {
        var status = slot.Status with { HostPid = slot.Pid, Number = null };

        return slot switch
        {
            { State: HostState.Clearing or HostState.Absent, LossReason: { } why } when slot.Desired is DesiredState.Run =>
                status with { State = ServicePhase.Backoff, Reason = $"its host was lost ({why}); a new one follows" },
            { Desired: DesiredState.Run, State: HostState.Linked } when state.IsOutdated(slot) =>
                status with { State = ServicePhase.Draining, Reason = "its configuration changed" },
            { Desired: DesiredState.Run, State: HostState.Linked { Activity: HostActivity.Serving }, Status.State: ServicePhase.Stopped } =>
                status with { State = ServicePhase.Starting },
            // Until the host has answered, a start has to wait for this stop.
            { State: HostState.Linked { Activity: HostActivity.Stopping } } => status with { State = ServicePhase.Draining },
            { State: HostState.Dialling, Pid: null } => status with { State = ServicePhase.Starting, Reason = "the host that an earlier parent left is asked" },
            { Desired: DesiredState.Run run, State: not (HostState.Dialling or HostState.Linked { Activity: not (HostActivity.Idle or HostActivity.StartingAgain) }) } =>
                status with { State = run.Alone ? ServicePhase.Starting : ServicePhase.Pending, Reason = run.Alone ? null : Dependencies.Unmet(slot.Service, state.Plan, state) },
            _ => status,
        };
    }

    private sealed record Shown(StatusReport Report, TreeState State)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
