using Supervisor.Stress.Invariants.Flatness;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// The memory, descriptors and threads of parent, hosts and watcher do not grow, within the lifetime of each process and from each process to its successor.
/// Dev servers are not checked.
/// </summary>
internal sealed class ProcessesStayFlat : IInvariant
{
    private readonly CheckCounter _checks = new();
    private readonly Dictionary<string, RoleSeries> _roles = new(StringComparer.Ordinal);
    private readonly SteepestSlopes _figures = new();
    private bool _ended;

    public string Name => "The tree's own processes stay flat";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name, _figures.ToString(), _ended ? "no process of the tree ran long enough" : null);

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case ProcessSampled sample when Roles.IsOurs(sample.Process):
                Of(sample.Process).Apply(sample);
                break;

            case FaultBegan fault when RoleOf(fault) is { } role:
                Of(role).Exclude(fault);
                break;

            case FaultEnded fault:
                foreach (var role in _roles.Values)
                    role.Resume(fault);

                break;

            case RunEnded:
                _ended = true;

                foreach (var role in _roles.Values)
                    role.End();

                break;
        }
    }

    private static string? RoleOf(FaultBegan fault) => (fault.Target, fault.Service) switch
    {
        (FaultTarget.Watcher, _) => Roles.Watcher,
        (FaultTarget.Parent, _) => Roles.Parent,
        (FaultTarget.Host, { } service) => Roles.HostOf(service),
        _ => null,
    };

    private RoleSeries Of(string role)
    {
        if (!_roles.TryGetValue(role, out var known))
            _roles[role] = known = new RoleSeries(role, _checks, _figures);

        return known;
    }
}
