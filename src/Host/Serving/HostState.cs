using Supervisor.Host.Ports;

namespace Supervisor.Host.Serving;

/// <summary>
/// Where the service is; each state holds exactly its own data. The loop owns it. There is no <c>Pending</c>: waiting for a dependency is the
/// parent's state, a host knows of no other service.
/// </summary>
internal abstract record HostState
{
    /// <param name="Why">Where nobody asked for it: the restart policy let it stay down after a failure.</param>
    internal sealed record Stopped(string? Why = null) : HostState;

    /// <summary>Cannot start for a reason outside itself.</summary>
    internal sealed record Blocked(Obstacle Obstacle) : HostState;

    /// <summary>The port is looked at and the process is spawned.</summary>
    /// <param name="Instead">What was asked for meanwhile: it is done to the process once there is one.</param>
    internal sealed record Spawning(Launch Launch, AfterDrain? Instead = null) : HostState;

    /// <summary>A process that is not ready yet.</summary>
    internal sealed record Starting(ServerRun Run, TimeSpan ReadyBy, string? LastMiss = null) : HostState;

    /// <summary>Runs without a readiness probe, or the probe does not answer any more (<paramref name="Lost"/>).</summary>
    internal sealed record Running(ServerRun Run, string? Lost = null) : HostState;

    internal sealed record Ready(ServerRun Run, Moment Since) : HostState;

    /// <summary>The pending change is being looked at; until its verdict everything else goes on in <paramref name="Meanwhile"/>.</summary>
    internal sealed record Validating(HostState Meanwhile, int Number) : HostState;

    /// <summary>The stop sequence is under way.</summary>
    internal sealed record Draining(ServerRun Run, AfterDrain Next) : HostState;

    internal sealed record BackingOff(TimeSpan Until, string Reason) : HostState;

    internal sealed record CrashLoop(string Evidence) : HostState;

    internal sealed record Completed(string Words) : HostState;

    /// <summary>Nothing runs any more and this process is about to exit.</summary>
    internal sealed record Left : HostState;
}

/// <summary>What keeps a service from starting.</summary>
internal abstract record Obstacle(string Reason)
{
    /// <summary>Goes away by itself: looked at again at <paramref name="LookAt"/>.</summary>
    internal sealed record Port(PortHolder Holder, Cause Cause, TimeSpan LookAt) : Obstacle(Holder.Describe());

    /// <summary>The command cannot be run at all; only a change or a command helps.</summary>
    internal sealed record Command(string Reason) : Obstacle(Reason);
}

/// <summary>What comes once the stop sequence has ended.</summary>
internal abstract record AfterDrain
{
    internal sealed record Stop : AfterDrain;

    internal sealed record Leave : AfterDrain;

    internal sealed record Start(Cause Cause) : AfterDrain;

    /// <summary>The server was given up on, which counts as a failure.</summary>
    internal sealed record Recover(Cause Cause, string Reason) : AfterDrain;
}

internal static class StateQuestions
{
    /// <summary>The server that runs in this state, if one does.</summary>
    public static ServerRun? Run(this HostState state) => state switch
    {
        HostState.Starting(var run, _, _) => run,
        HostState.Running(var run, _) => run,
        HostState.Ready(var run, _) => run,
        HostState.Draining(var run, _) => run,
        HostState.Validating(var meanwhile, _) => meanwhile.Run(),
        _ => null,
    };

    /// <summary>How long ago the server was started, if that is so short that a change may be its start's doing; null: no, or none runs.</summary>
    public static TimeSpan? SinceStart(this HostState state, TimeSpan now) => state switch
    {
        HostState.Spawning => TimeSpan.Zero,
        HostState.Starting(var run, _, _) => now - run.StartedAt.Monotonic,
        HostState.Ready(var run, var since) when now - since.Monotonic <= ReloadThrottle.Short => now - run.StartedAt.Monotonic,
        HostState.Running(var run, _) when now - run.StartedAt.Monotonic <= ReloadThrottle.Short => now - run.StartedAt.Monotonic,
        _ => null,
    };

    /// <summary>Nothing is under way that a reload would have to wait for.</summary>
    public static bool IsOpenToReload(this HostState state) =>
        state is not (HostState.Spawning or HostState.Validating or HostState.Draining or HostState.Left);

    /// <summary>Since when the server has served without a break, or null when it does not.</summary>
    public static TimeSpan? ServingSince(this HostState state) => state switch
    {
        HostState.Ready(_, var since) => since.Monotonic,
        HostState.Running(var run, null) => run.StartedAt.Monotonic,
        HostState.Validating(var meanwhile, _) => meanwhile.ServingSince(),
        _ => null,
    };
}
