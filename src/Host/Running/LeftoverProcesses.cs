using Supervisor.Host.Persistence;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>Finds and kills what an earlier host of this service left when it died: an unsupervised server that may hold our port, a build that writes the same files.</summary>
internal static class LeftoverProcesses
{
    /// <summary>Runs before the first start. Finds the processes by scope, by the state file and by tag.</summary>
    public static async Task KillAsync(HostFile? file, ServiceScopes scopes, Log log, TimeProvider time)
    {
        ProcessIdentity? leader = file?.Server is { } server ? PersistedHostState.Identity(server) : null;

        foreach (var scope in new[] { scopes.Server(), scopes.Tagged(leader) })
        {
            if (!scope.IsEmpty())
                log.LeftoversKilled(await scope.KillAsync(StopSequence.KillDeadline, time));
        }

        foreach (var scope in scopes.Preflight())
        {
            if (!scope.IsEmpty())
                log.LeftoversKilled(await scope.KillAsync(StopSequence.KillDeadline, time));

            scope.Remove();
        }
    }
}
