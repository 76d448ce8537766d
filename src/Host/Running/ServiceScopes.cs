using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>Creates the process scopes of one service: the server's scope, which the parent made, and one for each command that runs beside it.</summary>
internal sealed class ServiceScopes(HostLaunch launch)
{
    /// <summary>The server's scope without a leader. Each run gets a new object, so that the leader of an earlier run has no effect.</summary>
    public ProcessScope Server() => KillLadder.OpenScope(launch.KillRung, launch.ScopePath, leader: null, launch.Tag);

    /// <summary>All processes with the service's tag, wherever they are: for leftovers that are in no cgroup.</summary>
    /// <param name="leader">The server of a dead host, from its state file.</param>
    public ProcessScope Tagged(ProcessIdentity? leader) => KillLadder.OpenScope(KillLadder.Walk, path: null, leader, launch.Tag);

    /// <summary>Of what runs before a start, for leftovers of an earlier host.</summary>
    public IEnumerable<ProcessScope> Preflight()
    {
        if (launch.Spec.Build is not null)
            yield return ForCommand(PreflightCommand.Build);

        if (launch.Spec.Validate is not null)
            yield return ForCommand(PreflightCommand.Validation);
    }

    /// <summary>A scope beside the server's, with its own tag: killing one does not touch the other. No service has such a name.</summary>
    public ProcessScope ForCommand(string name)
    {
        var split = launch.Tag.LastIndexOf('/');
        var (tree, service) = split < 0 ? ("", launch.Tag) : (launch.Tag[..split], launch.Tag[(split + 1)..]);

        try
        {
            return KillLadder.ForRung(launch.KillRung).CreateScope(tree, $"{service}+{name}");
        }
        catch (IOException)
        {
            // No further cgroup can be created (a limit of their number, a read-only mount). The walk needs none.
            return KillLadder.OpenScope(KillLadder.Walk, path: null, leader: null, $"{launch.Tag}+{name}");
        }
    }
}
