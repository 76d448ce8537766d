namespace Supervisor.Processes;

/// <summary>cgroup v2: the kernel kills all members at once, and no fork escapes. Needs no controller.</summary>
internal sealed class Cgroup2Scope(CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : CgroupScope(KillLadder.Cgroup2, folder, tag, leaders)
{
    // "populated" also counts child cgroups, which a server may have made itself.
    public override bool IsEmpty() => !Folder.IsPopulated() && LeaderTreesOutside().Count == 0;

    private protected override void KillMembers() => Folder.TryWrite("cgroup.kill", "1");
}
