namespace Supervisor.Parent.Control;

/// <summary>Where everything stands, as told to others. Shown by the loop, read from any thread.</summary>
internal sealed class Board(TreeStatus tree, TreeState initial, TreePlan plan)
{
    private volatile Shown _shown = new(Compose(tree, initial, plan));

    public StatusReport Report => _shown.Report;

    /// <summary>The first board with a revision higher than that one. Whoever asks late has missed the ones between: only the newest counts.</summary>
    public async Task<StatusReport> AfterAsync(long revision, CancellationToken cancellationToken)
    {
        while (_shown is var shown && shown.Report.Tree.Revision <= revision)
            await shown.Replaced.Task.WaitAsync(cancellationToken);

        return Report;
    }

    /// <summary>Likewise; null once <paramref name="ended"/> has completed.</summary>
    public async Task<StatusReport?> AfterAsync(long revision, Task ended)
    {
        while (_shown is var shown && shown.Report.Tree.Revision <= revision && !ended.IsCompleted)
            await Task.WhenAny(shown.Replaced.Task, ended);

        return ended.IsCompleted ? null : Report;
    }

    /// <summary>The first board, this one included, of which <paramref name="judge"/> says something.</summary>
    public async Task<T> UntilAsync<T>(Func<StatusReport, T?> judge, CancellationToken cancellationToken) where T : class
    {
        for (var report = Report; ; report = await AfterAsync(report.Tree.Revision, cancellationToken))
        {
            if (judge(report) is { } verdict)
                return verdict;
        }
    }

    public void Show(TreeState state)
    {
        var before = _shown;
        var next = Compose(tree with { Revision = before.Report.Tree.Revision + 1 }, state, plan);

        if (next.SaysTheSameAs(before.Report))
            return;

        _shown = new Shown(next);
        before.Replaced.TrySetResult();
    }

    private static StatusReport Compose(TreeStatus tree, TreeState state, TreePlan plan) => new(
        tree, StatusOf(state.Watcher, plan.Spec.Watcher.Limits.MemoryBytes, PressureOn(state), state.Holds.Values),
        [.. plan.Spec.Services.Select(spec => StatusOf(state.Hosts[spec.Name], plan, state))]);

    private static WatcherPressure PressureOn(TreeState state) =>
        state is { Relief: not null } or { Goal: Goal.Serve, Watcher.State: WatcherState.Leaving { Planned: true } } ? WatcherPressure.Recycling
        : state.Watcher.Ladder.IsThrottled ? WatcherPressure.Throttled
        : state.Watcher.Ladder.IsTrimming ? WatcherPressure.Trimming : WatcherPressure.None;

    private static WatcherStatus StatusOf(WatcherSlot slot, long? memoryLimit, WatcherPressure pressure, IEnumerable<Hold> holds)
    {
        var phase = slot.State switch
        {
            WatcherState.Absent when slot.Restarts > 0 => WatcherPhase.Backoff,
            WatcherState.Stopped => WatcherPhase.Stopped,
            WatcherState.Up => slot.Beat?.Phase ?? WatcherPhase.Crawling,
            WatcherState.Leaving => WatcherPhase.Recovering,
            _ => WatcherPhase.Starting,
        };

        return new WatcherStatus(
            phase, slot.Pid, slot.Epoch, slot.Beat?.Backend, slot.Restarts, slot.Degraded, slot.Beat?.Directories ?? 0, slot.Beat?.Files ?? 0,
            slot.Beat?.QueueDepth ?? 0, slot.Sample?.MemoryBytes ?? slot.Beat?.MemoryBytes, memoryLimit, slot.Sample?.CpuPercent, slot.LastExit,
            pressure, slot.Beat?.Roots ?? [], slot.Resyncs.Plus(slot.Beat?.Resyncs ?? ResyncCounts.None),
            // Not before it is true.
            slot.State is WatcherState.Up && slot.Held != true ? [] : [.. holds.Select(hold => new HoldStatus(hold.Name, hold.Holder, hold.Since))]);
    }

    /// <summary>What the host said, unless the parent knows better: between hosts, and before a start has been ordered.</summary>
    private static ServiceStatus StatusOf(HostSlot slot, TreePlan plan, TreeState state)
    {
        var status = slot.Status with { HostPid = slot.Pid };

        return slot switch
        {
            { State: HostState.Clearing or HostState.Absent, Trouble: { } why } when slot.Desire is Desire.Run =>
                status with { State = ServicePhase.Backoff, Reason = $"its host was lost ({why}); a new one follows" },
            { Desire: Desire.Run, State: HostState.Linked { Errand: Errand.Serving }, Status.State: ServicePhase.Stopped } =>
                status with { State = ServicePhase.Starting },
            { State: HostState.Dialling, Pid: null } => status with { State = ServicePhase.Starting, Reason = "the host that an earlier parent left is asked" },
            { State: HostState.Dialling } => status,
            { Desire: Desire.Run, State: not HostState.Linked { Errand: not Errand.Idle } } =>
                status with { State = ServicePhase.Pending, Reason = Dependencies.Unmet(slot.Service, plan, state) },
            _ => status,
        };
    }

    private sealed record Shown(StatusReport Report)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
