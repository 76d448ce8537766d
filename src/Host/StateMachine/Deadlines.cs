namespace Supervisor.Host.StateMachine;

/// <summary>The next time at which the loop must step without an event. Pure.</summary>
internal static class Deadlines
{
    public static TimeSpan? Next(HostSnapshot snapshot) => Earliest(OfState(snapshot.State), ReloadScheduler.DueAt(snapshot.State, snapshot.Record));

    private static TimeSpan? OfState(HostState state) => state switch
    {
        HostState.Starting(_, var readyBy, _) => readyBy,
        HostState.BackingOff(var until, _) => until,
        HostState.Blocked { Reason: BlockReason.Port port } => port.CheckAt,
        HostState.Blocked { Reason: BlockReason.Lack lack } => lack.CheckAt,
        // An automatic start waits for the result.
        HostState.Preflight(HostState.BackingOff or HostState.Blocked, _, _) => null,
        HostState.Preflight(var underlying, _, _) => OfState(underlying),
        _ => null,
    };

    private static TimeSpan? Earliest(TimeSpan? one, TimeSpan? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        ({ } first, { } second) => first < second ? first : second,
    };
}
