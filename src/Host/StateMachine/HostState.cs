using Supervisor.Processes;

namespace Supervisor.Host.StateMachine;

/// <summary>
/// The state of the service; each state holds exactly its own data. The loop owns it. There is no <c>Pending</c>: the parent waits for dependencies, and a
/// host knows no other service.
/// </summary>
internal abstract record HostState
{
    /// <summary>Not started yet, or stopped by a request.</summary>
    internal sealed record Stopped : HostState;

    /// <summary>Cannot start for an external reason.</summary>
    internal sealed record Blocked(BlockReason Reason) : HostState;

    /// <summary>Checks the port and spawns the process.</summary>
    /// <param name="PendingDrain">Requested meanwhile: the process is drained for it once it exists.</param>
    internal sealed record Spawning(StartAttempt Attempt, AfterDrain? PendingDrain = null) : HostState;

    /// <summary>The process runs but is not ready yet.</summary>
    internal sealed record Starting(ServerRun Run, TimeSpan ReadyBy, string? LastProbeFailure = null) : HostState;

    /// <summary>Runs without a readiness probe.</summary>
    internal sealed record Running(ServerRun Run) : HostState;

    internal sealed record Ready(ServerRun Run, Timestamp Since) : HostState;

    /// <summary>Runs, but fails its health check.</summary>
    internal sealed record Unhealthy(ServerRun Run, string Reason) : HostState;

    /// <summary>What runs for a pending reload before the old server stops; meanwhile <paramref name="Underlying"/> takes all other events.</summary>
    /// <param name="Heard">What has changed meanwhile, and was perhaps not read.</param>
    internal abstract record Preflight(HostState Underlying, int Number, HeardChanges Heard) : HostState;

    /// <param name="Begun">What was noticed before, the build reads.</param>
    internal sealed record Building(HostState Underlying, int Number, Timestamp Begun, HeardChanges Heard) : Preflight(Underlying, Number, Heard);

    internal sealed record Validating(HostState Underlying, int Number, HeardChanges Heard) : Preflight(Underlying, Number, Heard)
    {
        public Validating(HostState underlying, int number)
            : this(underlying, number, HeardChanges.None)
        {
        }
    }

    /// <summary>The stop sequence is running.</summary>
    internal sealed record Draining(ServerRun Run, AfterDrain Next) : HostState;

    /// <summary>No server runs. The stop command ends what the last one has left running elsewhere, such as containers.</summary>
    internal sealed record RunningStopCommand(AfterDrain Next) : HostState;

    internal sealed record BackingOff(TimeSpan Until, string Reason) : HostState;

    internal sealed record CrashLoop(string Evidence) : HostState;

    internal sealed record Completed(string Description) : HostState;

    /// <summary>The restart policy leaves the service down after a failure.</summary>
    internal sealed record Failed(string Reason) : HostState;

    /// <summary>No server runs, and this process is about to exit.</summary>
    internal sealed record Shutdown : HostState;
}

/// <summary>Why a service cannot start.</summary>
internal abstract record BlockReason(string Text)
{
    /// <summary>Ends by itself: checked again at <paramref name="CheckAt"/>.</summary>
    internal sealed record Port(PortHolder Holder, Cause Cause, TimeSpan CheckAt) : BlockReason(Holder.Describe());

    /// <summary>A file or folder that the service needs is not there, or cannot be used as it is: looked at again at <paramref name="CheckAt"/>.</summary>
    internal sealed record Lack(string What, Cause Cause, TimeSpan CheckAt) : BlockReason(What);

    /// <summary>The command cannot be run; only a change or a request helps.</summary>
    internal sealed record Command(string Reason) : BlockReason(Reason);

    /// <summary>The build or the validation refused the start; only a change or a request helps.</summary>
    internal sealed record Validation(string Refusal) : BlockReason(Refusal);
}

/// <summary>What follows the stop sequence.</summary>
internal abstract record AfterDrain
{
    internal sealed record Stop : AfterDrain;

    internal sealed record Shutdown : AfterDrain;

    internal record Start(Cause Cause) : AfterDrain;

    /// <summary>As on request, with all that comes before a start.</summary>
    internal sealed record StartAnew(Cause Cause) : Start(Cause);

    /// <summary>The server failed without an exit (it was not ready in time, or is not healthy); that counts as a failure.</summary>
    internal sealed record Recover(Cause Cause, string Reason) : AfterDrain;
}

internal static class HostStateQueries
{
    /// <summary>The server that runs in this state; null: none.</summary>
    public static ServerRun? Run(this HostState state) => state switch
    {
        HostState.Starting(var run, _, _) => run,
        HostState.Running(var run) => run,
        HostState.Ready(var run, _) => run,
        HostState.Unhealthy(var run, _) => run,
        HostState.Draining(var run, _) => run,
        HostState.Preflight(var underlying, _, _) => underlying.Run(),
        _ => null,
    };

    /// <summary>What runs, or is just being spawned, was ordered, or built, after this moment: it has what was there then.</summary>
    public static bool ReadsWhatWasThereAt(this HostState state, TimeSpan? moment) => state switch
    {
        HostState.Spawning { PendingDrain: null } spawning => moment < spawning.Attempt.OrderedAt,
        HostState.Starting or HostState.Running or HostState.Ready or HostState.Unhealthy => moment < state.Run()!.Attempt.OrderedAt,
        _ => false,
    };

    /// <summary>
    /// The time since the server's start, while it is so short that the start may have caused a change; null: it is longer, or no server runs.
    /// </summary>
    public static TimeSpan? SinceStart(this HostState state, TimeSpan now) => state switch
    {
        HostState.Spawning => TimeSpan.Zero,
        HostState.Starting(var run, _, _) => now - run.StartedAt.Monotonic,
        HostState.Ready(var run, var since) when now - since.Monotonic <= ReloadThrottle.StartWindow => now - run.StartedAt.Monotonic,
        HostState.Running(var run) when now - run.StartedAt.Monotonic <= ReloadThrottle.StartWindow => now - run.StartedAt.Monotonic,
        _ => null,
    };

    /// <summary>Nothing is under way that a reload has to wait for.</summary>
    public static bool CanReload(this HostState state) =>
        state is not (HostState.Spawning or HostState.Preflight or HostState.Draining or HostState.RunningStopCommand or HostState.Shutdown);

    /// <summary>Since when the server has served without a break; null: it does not serve.</summary>
    public static TimeSpan? ServingSince(this HostState state) => state switch
    {
        HostState.Ready(_, var since) => since.Monotonic,
        HostState.Running(var run) => run.StartedAt.Monotonic,
        HostState.Preflight(var underlying, _, _) => underlying.ServingSince(),
        _ => null,
    };
}
