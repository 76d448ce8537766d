using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Cli.Doctor;

/// <summary>
/// Which processes belong to which service: by the recorded identity of hosts and servers, by cgroup, and by tag. The tag alone is not enough: a server such as
/// redis writes its title over its environment.
/// </summary>
internal sealed class OwnProcesses
{
    private readonly Dictionary<int, (string Tree, string Service)> _known = [];

    public OwnProcesses(IEnumerable<KnownTree> trees)
    {
        foreach (var (tree, launch, path) in trees.SelectMany(tree => tree.Launches.Select(host => (tree, host.Launch, host.Path))))
        {
            var server = RecordFile.TryRead(launch.StatePath, ContractJson.Default.HostFile)?.Server is { } mark ? KnownTree.Identity(mark) : (ProcessIdentity?)null;
            var recorded = new[] { KnownTree.HostMark(path), server }.OfType<ProcessIdentity>().Where(process => process.IsAlive).Select(process => process.Pid);

            foreach (var pid in recorded.Concat(InCgroup(launch)))
                _known[pid] = (tree.Runtime.Id, launch.Spec.Name);
        }
    }

    /// <returns>null: no process of a known tree.</returns>
    public (string Tree, string Service)? OwnerOf(int pid)
    {
        for (var (above, seen) = (pid, new HashSet<int>()); above > 1 && seen.Add(above); above = ProcessTag.Parent(above) ?? 0)
        {
            if (_known.TryGetValue(above, out var owner))
                return owner;
            if (ProcessTag.Read(above)?.Split('/', count: 2) is [var tree, var service])
                return (tree, service.Split('+')[0]);
        }

        return null;
    }

    private static IReadOnlyList<int> InCgroup(HostLaunch launch) => launch is { KillRung: KillLadder.Cgroup2 or KillLadder.Freezer, ScopePath: { } scope }
        ? KillLadder.OpenScope(launch.KillRung, scope, leader: null, tag: null).Members()
        : [];
}
