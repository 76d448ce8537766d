using Supervisor.Stress.Invariants;

namespace Supervisor.Stress.Defects;

/// <summary>The defects that the harness must be able to find.</summary>
internal static class DefectCatalogue
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        new("lost-batch", "The parent acknowledges batches of changes to one service and does not pass them on.", new SavedChangesAreServed().Name),
        new("leaked-host", "The parent ends without one of its hosts: that one goes on serving.", new NothingIsLeftBehind().Name),
        new("cap-not-enforced", "The watcher's memory cap is announced and not enforced.", new CapsHold().Name),
    ];
}
