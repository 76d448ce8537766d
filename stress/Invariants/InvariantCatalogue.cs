namespace Supervisor.Stress.Invariants;

/// <summary>Every invariant, in the order of the report.</summary>
internal static class InvariantCatalogue
{
    public static IReadOnlyList<IInvariant> Create() =>
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
