using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>One fault of the schedule and its outcome.</summary>
/// <param name="Target">Null: the fault was skipped.</param>
/// <param name="Recovered">From the injection until its target recovered; null: not seen, or skipped.</param>
internal sealed record FaultRow(
    TimeSpan At, string Name, FaultTarget? Target, string? Service, bool Skipped, bool VictimDied, string Outcome, TimeSpan? Recovered)
{
    /// <summary>Whether it may have slowed this service in that time.</summary>
    public bool Disturbs(string service, TimeSpan from, TimeSpan to) =>
        !Skipped && (Service is null || Service == service) && At <= to && (Recovered is null || from <= At + Recovered);
}
