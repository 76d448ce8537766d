namespace Supervisor.Stress.Judging;

/// <summary>What must hold through any run, in the order of the report.</summary>
internal static class Invariants
{
    public static IReadOnlyList<IInvariant> ForRun() =>
    [
        new UnaffectedServersStay(),
        new SavedChangesAreServed(),
        new HealthyServicesAnswer(),
        new CapsHold(),
        new BackoffIsObeyed(),
        new FaultsAreRecoveredFrom(),
        new ProcessesStayFlat(),
        new RestartsHaveTheirCause(),
        new NothingIsLeftBehind(),
    ];
}
