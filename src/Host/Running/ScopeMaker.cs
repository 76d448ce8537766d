using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>The scopes of one service: the server's, which the parent made, and those of the commands that run beside it.</summary>
internal sealed class ScopeMaker(HostLaunch launch)
{
    /// <summary>The server's scope with nobody in it yet; a new object for each run, so that an earlier run's leader means nothing.</summary>
    public ProcessScope Server() => KillLadder.OpenScope(launch.KillRung, launch.ScopePath, leader: null, launch.Tag);

    /// <summary>Whatever carries the service's mark, wherever it has gone: for leftovers that no cgroup holds.</summary>
    /// <param name="leader">The server of a host that died, as it was written down.</param>
    public ProcessScope Marked(ProcessIdentity? leader) => KillLadder.OpenScope(KillLadder.Walk, path: null, leader, launch.Tag);

    /// <summary>A scope beside the server's, with a mark of its own: what kills the one leaves the other alone.</summary>
    public ProcessScope Side(string name)
    {
        var split = launch.Tag.LastIndexOf('/');
        var (tree, service) = split < 0 ? ("", launch.Tag) : (launch.Tag[..split], launch.Tag[(split + 1)..]);

        try
        {
            return KillLadder.Named(launch.KillRung).CreateScope(tree, $"{service}.{name}");
        }
        catch (IOException)
        {
            // No further cgroup is to be had (a limit of their number, a read-only mount): the walk needs none.
            return KillLadder.OpenScope(KillLadder.Walk, path: null, leader: null, $"{launch.Tag}.{name}");
        }
    }
}
