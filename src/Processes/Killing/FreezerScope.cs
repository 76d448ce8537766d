namespace Supervisor.Processes;

/// <summary>cgroup v1: frozen processes cannot fork; all are killed while frozen and die when thawed.</summary>
internal sealed class FreezerScope(CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : CgroupScope(KillLadder.Freezer, folder, tag, leaders)
{
    // Freezing 150 processes took 3.3 ms. A process in uninterruptible sleep may block the freeze for ever, so the number of checks is limited.
    private const int MaxFrozenChecks = 200;

    private protected override void KillMembers()
    {
        Folder.TryWrite("freezer.state", "FROZEN");
        for (var check = 0; check < MaxFrozenChecks && Folder.TryRead("freezer.state")?.Trim() == "FREEZING"; check++)
            Thread.Yield();

        try
        {
            foreach (var process in ObservedProcess.Living(Folder.Processes()))
                process.TrySignal(Signals.Kill);
        }
        finally
        {
            Folder.TryWrite("freezer.state", "THAWED");
        }
    }
}
