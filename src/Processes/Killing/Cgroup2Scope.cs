namespace Supervisor.Processes;

/// <summary>cgroup v2: the kernel kills all of it at once, and no fork escapes. Needs no controller.</summary>
internal sealed class Cgroup2Scope(CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : CgroupScope(KillLadder.Cgroup2, folder, tag, leaders)
{
    // "populated" counts the cgroups below too, which a server may have made for itself.
    public override bool IsEmpty() => !Folder.IsPopulated() && Outsiders().Count == 0;

    private protected override void Strike() => Folder.TryWrite("cgroup.kill", "1");
}
