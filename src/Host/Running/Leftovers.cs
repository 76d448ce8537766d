using Supervisor.Host.Records;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What an earlier host of this service left behind when it died: a server that nobody supervises, on the port that ours needs.</summary>
internal static class Leftovers
{
    /// <summary>Kills it, by the scope, by what was written down and by the mark, before the first start.</summary>
    public static async Task KillAsync(HostFile? file, ScopeMaker scopes, Log log, TimeProvider time)
    {
        ProcessIdentity? leader = file?.Server is { } server ? Recollection.Identity(server) : null;

        foreach (var scope in new[] { scopes.Server(), scopes.Marked(leader) })
        {
            if (!scope.IsEmpty())
                log.LeftoversKilled(await scope.KillAsync(StopSequence.KillDeadline, time));
        }
    }
}
