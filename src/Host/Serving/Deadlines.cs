namespace Supervisor.Host.Serving;

/// <summary>When the loop must look again although nothing has happened. Pure.</summary>
internal static class Deadlines
{
    public static TimeSpan? Next(Situation situation) => Earliest(OfState(situation.State), OfPending(situation));

    private static TimeSpan? OfState(HostState state) => state switch
    {
        HostState.Starting(_, var readyBy, _) => readyBy,
        HostState.BackingOff(var until, _) => until,
        HostState.Blocked { Obstacle: Obstacle.Port port } => port.LookAt,
        HostState.Validating(var meanwhile, _) => OfState(meanwhile),
        _ => null,
    };

    private static TimeSpan? OfPending(Situation situation) =>
        situation.State.IsOpenToReload() ? situation.Record.Pending?.NotBefore : null;

    private static TimeSpan? Earliest(TimeSpan? one, TimeSpan? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        ({ } first, { } second) => first < second ? first : second,
    };
}
