namespace Supervisor.Parent.Control;

/// <summary>Where everything stands, as told to others. Shown by the loop, read from any thread.</summary>
internal sealed class Board(TreeStatus tree)
{
    private volatile Shown _shown = new(new StatusReport(tree, StatusOf(WatcherSlot.Initial, null), []));

    public StatusReport Report => _shown.Report;

    /// <summary>The first board with a revision higher than that one. Whoever asks late has missed the ones between: only the newest counts.</summary>
    public async Task<StatusReport> AfterAsync(long revision, CancellationToken cancellationToken)
    {
        for (var shown = _shown; ; shown = _shown)
        {
            if (shown.Report.Tree.Revision > revision)
                return shown.Report;

            await shown.Replaced.Task.WaitAsync(cancellationToken);
        }
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

    public void Show(TreeState state, TreePlan plan)
    {
        var before = _shown;
        var watcher = StatusOf(state.Watcher, plan.Spec.Watcher.Limits.MemoryBytes);
        var services = plan.Spec.Services.Select(spec => StatusOf(state.Hosts[spec.Name], plan, state)).ToArray();

        if (watcher == before.Report.Watcher && services.SequenceEqual(before.Report.Services, SameStatus.Instance))
            return;

        _shown = new Shown(new StatusReport(tree with { Revision = before.Report.Tree.Revision + 1 }, watcher, services));
        before.Replaced.TrySetResult();
    }

    private static WatcherStatus StatusOf(WatcherSlot slot, long? memoryLimit)
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
            slot.Beat?.QueueDepth ?? 0, slot.Sample?.MemoryBytes ?? slot.Beat?.MemoryBytes, memoryLimit, slot.Sample?.CpuPercent, slot.LastExit);
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

    /// <summary>Lists in records compare by reference; a host's sign of life brings new lists with the old content.</summary>
    private sealed class SameStatus : IEqualityComparer<ServiceStatus>
    {
        public static readonly SameStatus Instance = new();

        public bool Equals(ServiceStatus? x, ServiceStatus? y) => ReferenceEquals(x, y) || (x is not null && y is not null
            && x with { Ports = y.Ports, LastChange = y.LastChange } == y && x.Ports.SequenceEqual(y.Ports) && Same(x.LastChange, y.LastChange));

        public int GetHashCode(ServiceStatus obj) => StringComparer.Ordinal.GetHashCode(obj.Name);

        private static bool Same(LastChange? x, LastChange? y) =>
            x == y || (x is not null && y is not null && x with { Files = y.Files } == y && x.Files.SequenceEqual(y.Files, StringComparer.Ordinal));
    }
}
