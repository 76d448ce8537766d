using Supervisor.Processes;

namespace Supervisor.Host.StateMachine;

/// <summary>From the decision to start a server until it is ready.</summary>
internal static partial class HostMachine
{
    /// <summary>How often a port that another process holds is checked: the service starts within a second of its release.</summary>
    private static readonly TimeSpan PortCheckPeriod = TimeSpan.FromMilliseconds(500);

    private static Transition Spawn(Transition transition, Cause cause)
    {
        var isBuilt = transition.Context.Spec.Build is not null;
        var attempt = new StartAttempt(transition.Record.Generation + 1, cause, isBuilt ? transition.Record.Built?.Begun.Monotonic : transition.Now);

        // The new process reads all changes recorded so far: they need no second start, unless what it reads has to be built first.
        return transition
            .WithRecord(record => record with { Pending = isBuilt ? record.Pending : null, EnvFileRefusal = null, StatusText = null, ReadWindow = FileReadWindow.Open(transition.Context.Now.Wall, cause, record.ReadWindow) })
            .WithState(new HostState.Spawning(attempt))
            .WithEffect(new Effect.Start(attempt));
    }

    private static Transition OnSpawned(Transition transition, HostState.Spawning state, HostEvent.Spawned spawned)
    {
        var (attempt, pendingDrain) = state;

        if (spawned.Generation != attempt.Generation)
            return transition;

        var run = new ServerRun(attempt, spawned.Pid, spawned.Port, transition.Context.Now) { SpawnedAt = spawned.SpawnedAt };
        transition = transition.WithRecord(record => record with
        {
            Generation = attempt.Generation,
            Reloads = record.Reloads + (attempt.Cause.IsChange() ? 1 : 0),
            Restarts = record.Restarts + (attempt.Cause is Cause.Crash or Cause.Oom or Cause.Probe ? 1 : 0),
            Refusal = null,
            HasRunSinceStop = true,
        });

        if (pendingDrain is not null)
            return Drain(WithStartEntry(transition, run, downtime: null), run, pendingDrain);

        if (transition.Context.Spec.Ready is { } ready)
            return WithStartEntry(transition, run, downtime: null).WithState(new HostState.Starting(run, transition.Now + ready.Timeout));

        transition = WithStartEntry(transition, run, Downtime(transition), End(transition, run));
        return MarkServing(CloseReadWindow(transition, transition.Context.Now.Wall + FileReadWindow.UnprobedReadTime).WithState(new HostState.Running(run)));
    }

    private static Transition WithStartEntry(Transition transition, ServerRun run, long? downtime, EndedChange? ended = null)
    {
        var files = run.Attempt.Cause.IsChange() ? transition.Record.LastChange?.Reported.Files : null;
        var what = run.Attempt.Cause.IsChange() ? "reloaded" : "started";
        return transition.WithLedgerEntry(what, run.Attempt.Cause, pid: run.Pid, files: files, downtimeMs: downtime, ended: ended, at: run.SpawnedAt);
    }

    /// <summary>A start that ends now: since the change or the request, otherwise since the spawn.</summary>
    private static EndedChange End(Transition transition, ServerRun run) =>
        transition.Record.LastChange is { IsOpen: true } change && (run.Attempt.Cause.IsChange() || run.Attempt.Cause == Cause.Manual)
            ? change.EndAt(transition.Now)
            : new([], transition.Now - run.StartedAt.Monotonic, TimeSpan.Zero, Validation: null, transition.Now - run.StartedAt.Monotonic);

    private static Transition OnReady(Transition transition, ServerRun run, HostEvent.ProbeSucceeded succeeded)
    {
        if (run.Generation != succeeded.Generation)
            return transition;

        transition = transition.WithLedgerEntry("ready", run.Attempt.Cause, pid: run.Pid, downtimeMs: Downtime(transition), ended: End(transition, run));
        return MarkServing(CloseReadWindow(transition, transition.Context.Now.Wall).WithState(new HostState.Ready(run, transition.Context.Now)));
    }

    private static Transition CloseReadWindow(Transition transition, DateTimeOffset at) =>
        transition.WithRecord(record => record with { ReadWindow = record.ReadWindow?.ClosedAt(at) });

    private static Transition MarkServing(Transition transition) => transition.WithChangeEnded().WithRecord(record => record with { DownSince = null, RenewedAt = transition.Now });

    private static long? Downtime(Transition transition) =>
        transition.Record.DownSince is { } since ? (long)(transition.Now - since).TotalMilliseconds : null;

    private static Transition OnStartupProbeFailed(Transition transition, HostState.Starting state, HostEvent.ProbeFailed failed) =>
        failed.Generation == state.Run.Generation ? transition.WithState(state with { LastProbeFailure = failed.Reason }) : transition;

    private static Transition OnStartupDeadline(Transition transition, HostState.Starting state)
    {
        if (state.ReadyBy > transition.Now)
            return transition;

        if (transition.Context.IsHeld)
            return transition.WithState(state with { ReadyBy = transition.Now + transition.Context.Spec.Ready!.Timeout });

        var reason = $"was not ready within {StatusText.Duration(transition.Context.Spec.Ready!.Timeout)}"
            + (state.LastProbeFailure is { } failure ? $" ({failure})" : "");
        return Drain(transition, state.Run, new AfterDrain.Recover(Cause.Probe, reason));
    }

    private static Transition OnSpawnFailed(Transition transition, HostState.Spawning state, HostEvent.SpawnFailed failed)
    {
        if (failed.Generation != state.Attempt.Generation)
            return transition;

        if (state.PendingDrain is { } pendingDrain)
            return Finish(transition, pendingDrain);

        if (failed.Transient)
            return Recover(transition, new Failure(Cause.Crash, failed.Reason, transition.Now));

        return transition.WithChangeEnded()
            .WithState(new HostState.Blocked(new BlockReason.Command(failed.Reason)))
            .WithLedgerEntry("blocked", state.Attempt.Cause, failed.Reason);
    }

    private static Transition OnPortTaken(Transition transition, HostState.Spawning state, HostEvent.PortTaken taken)
    {
        if (taken.Generation != state.Attempt.Generation)
            return transition;

        return state.PendingDrain is { } pendingDrain ? Finish(transition, pendingDrain) : BlockOnPort(transition, taken.Holder, state.Attempt.Cause);
    }

    private static Transition BlockOnPort(Transition transition, PortHolder holder, Cause cause)
    {
        var blockReason = new BlockReason.Port(holder, cause, transition.Now + PortCheckPeriod);
        return transition.WithChangeEnded().WithState(new HostState.Blocked(blockReason)).WithLedgerEntry("blocked", Cause.Port, blockReason.Text);
    }

    private static Transition OnPortCheckDue(Transition transition, BlockReason.Port port) => port.CheckAt > transition.Now
        ? transition
        : transition.WithState(new HostState.Blocked(port with { CheckAt = transition.Now + PortCheckPeriod })).WithEffect(new Effect.CheckPort());

    private static Transition OnPortChecked(Transition transition, BlockReason.Port port, HostEvent.PortChecked check) => check.Holder switch
    {
        null => Spawn(transition, port.Cause),
        var holder when holder == port.Holder => transition,
        var holder => transition.WithState(new HostState.Blocked(new BlockReason.Port(holder, port.Cause, port.CheckAt))),
    };
}
