namespace Supervisor.Processes;

/// <summary>cgroup v1: frozen, nobody can fork; then all are killed, and die as they thaw.</summary>
internal sealed class FreezerScope(CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : CgroupScope(KillLadder.Freezer, folder, tag, leaders)
{
    // Freezing 150 processes took 3.3 ms; a process in an uninterruptible wait may hold it up for ever, so we look only so often.
    private const int LooksForFrozen = 200;

    private protected override void Strike()
    {
        Folder.TryWrite("freezer.state", "FROZEN");
        for (var look = 0; look < LooksForFrozen && Folder.TryRead("freezer.state")?.Trim() == "FREEZING"; look++)
            Thread.Yield();

        try
        {
            foreach (var victim in Sighting.Of(Folder.Processes()))
                victim.TrySignal(Signals.Kill);
        }
        finally
        {
            Folder.TryWrite("freezer.state", "THAWED");
        }
    }
}
