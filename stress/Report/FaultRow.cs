using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>One fault of the schedule and what came of it.</summary>
/// <param name="Target">Null: it was skipped before it had one.</param>
/// <param name="Recovered">From the strike until what it struck was whole again; null: never seen, or skipped.</param>
internal sealed record FaultRow(
    TimeSpan At, string Name, FaultTarget? Target, string? Service, bool Skipped, bool VictimDied, string Outcome, TimeSpan? Recovered)
{
    /// <summary>Whether something that this service did within that time may have been slowed by it.</summary>
    public bool Disturbs(string service, TimeSpan from, TimeSpan to) =>
        !Skipped && (Service is null || Service == service) && At <= to && (Recovered is null || from <= At + Recovered);
}
