namespace Supervisor.Host.Serving;

/// <summary>From the wish for a server to one that serves.</summary>
internal static partial class HostMachine
{
    /// <summary>A stranger's port is looked at this often: a service starts within a second of its release.</summary>
    private static readonly TimeSpan PortPeriod = TimeSpan.FromMilliseconds(500);

    private static Turn Spawn(Turn turn, Cause cause)
    {
        var launch = new Launch(turn.Record.Generation + 1, cause);

        // A change recorded before this moment is in what the new process reads: it asks for no second start.
        return turn
            .Remember(record => record with { Pending = null, Reading = FileReading.Beginning(turn.At.Now.Wall, cause, record.Reading) })
            .To(new HostState.Spawning(launch))
            .Do(new Effect.Start(launch));
    }

    private static Turn OnLaunched(Turn turn, HostState.Spawning state, HostEvent.Launched launched)
    {
        var (launch, instead) = state;

        if (launched.Generation != launch.Generation)
            return turn;

        var run = new ServerRun(launch, launched.Pid, launched.Port, turn.At.Now);
        turn = turn.Remember(record => record with
        {
            Generation = launch.Generation,
            Reloads = record.Reloads + (launch.Cause == Cause.Files ? 1 : 0),
            Restarts = record.Restarts + (launch.Cause is Cause.Crash or Cause.Oom or Cause.Probe ? 1 : 0),
            Refusal = null,
        });

        if (instead is not null)
            return Drain(Started(turn, run, downtime: null), run, instead);

        if (turn.At.Spec.Ready is { } ready)
            return Started(turn, run, downtime: null).To(new HostState.Starting(run, turn.Now + ready.Timeout));

        return Serves(HasRead(Started(turn, run, Downtime(turn)), turn.At.Now.Wall + FileReading.Unprobed).To(new HostState.Running(run)));
    }

    private static Turn Started(Turn turn, ServerRun run, long? downtime)
    {
        var files = run.Launch.Cause == Cause.Files ? turn.Record.Change?.Shown.Files : null;
        var what = run.Launch.Cause == Cause.Files ? "reloaded" : "started";
        return turn.Note(what, run.Launch.Cause, pid: run.Pid, files: files, downtimeMs: downtime);
    }

    private static Turn OnReady(Turn turn, ServerRun run, int generation)
    {
        if (run.Generation != generation)
            return turn;

        turn = turn.Note("ready", run.Launch.Cause, pid: run.Pid, downtimeMs: Downtime(turn));
        return Serves(HasRead(turn, turn.At.Now.Wall).To(new HostState.Ready(run, turn.At.Now)));
    }

    private static Turn HasRead(Turn turn, DateTimeOffset at) => turn.Remember(record => record with { Reading = record.Reading?.EndedAt(at) });

    private static Turn Serves(Turn turn) => turn.ChangeEnded().Remember(record => record with { DownSince = null });

    private static long? Downtime(Turn turn) =>
        turn.Record.DownSince is { } since ? (long)(turn.Now - since).TotalMilliseconds : null;

    private static Turn OnStillNotReady(Turn turn, HostState.Starting state, HostEvent.ProbeMissed missed) =>
        missed.Generation == state.Run.Generation ? turn.To(state with { LastMiss = missed.Reason }) : turn;

    private static Turn OnReadinessLost(Turn turn, HostState.Ready state, HostEvent.ProbeMissed missed) =>
        missed.Generation == state.Run.Generation ? turn.To(new HostState.Running(state.Run, missed.Reason)) : turn;

    private static Turn OnStartupDeadline(Turn turn, HostState.Starting state)
    {
        if (state.ReadyBy > turn.Now)
            return turn;

        var reason = $"was not ready within {Wording.Span(turn.At.Spec.Ready!.Timeout)}"
            + (state.LastMiss is { } miss ? $" ({miss})" : "");
        return Drain(turn, state.Run, new AfterDrain.Recover(Cause.Probe, reason));
    }

    private static Turn OnLaunchFailed(Turn turn, HostState.Spawning state, HostEvent.LaunchFailed failed)
    {
        if (failed.Generation != state.Launch.Generation)
            return turn;

        if (state.Instead is { } instead)
            return Go(turn, instead);

        if (failed.Transient)
            return Recover(turn, new Failure(Cause.Crash, failed.Reason, turn.Now));

        return turn.ChangeEnded()
            .To(new HostState.Blocked(new Obstacle.Command(failed.Reason)))
            .Note("blocked", state.Launch.Cause, failed.Reason);
    }

    private static Turn OnPortTaken(Turn turn, HostState.Spawning state, HostEvent.PortTaken taken)
    {
        if (taken.Generation != state.Launch.Generation)
            return turn;

        return state.Instead is { } instead ? Go(turn, instead) : BlockOnPort(turn, taken.Holder, state.Launch.Cause);
    }

    private static Turn BlockOnPort(Turn turn, Ports.PortHolder holder, Cause cause)
    {
        var obstacle = new Obstacle.Port(holder, cause, turn.Now + PortPeriod);
        return turn.ChangeEnded().To(new HostState.Blocked(obstacle)).Note("blocked", Cause.Port, obstacle.Reason);
    }

    private static Turn OnTimeToLookAtPort(Turn turn, Obstacle.Port port) => port.LookAt > turn.Now
        ? turn
        : turn.To(new HostState.Blocked(port with { LookAt = turn.Now + PortPeriod })).Do(new Effect.LookAtPort());

    private static Turn OnPortSeen(Turn turn, Obstacle.Port port, HostEvent.PortSeen seen) => seen.Holder switch
    {
        null => Spawn(turn, port.Cause),
        var holder when holder == port.Holder => turn,
        var holder => turn.To(new HostState.Blocked(new Obstacle.Port(holder, port.Cause, port.LookAt))),
    };
}
