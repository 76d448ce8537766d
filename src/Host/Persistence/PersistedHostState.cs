using Supervisor.Host.StateMachine;
using Supervisor.Processes;
using Supervisor.Supervision;

namespace Supervisor.Host.Persistence;

/// <summary>Converts a snapshot to the state file, and the state file to the initial snapshot of a new host. Pure.</summary>
internal static class PersistedHostState
{
    /// <summary>The values that stay the same while this host lives.</summary>
    internal sealed record HostInstance(HostLaunch Launch, ProcessIdentity Host);

    /// <summary>The server that runs now.</summary>
    internal sealed record ServerInstance(ProcessIdentity Process, DateTimeOffset StartedAt, long? PeakMemoryBytes);

    public static HostFile ToFile(HostSnapshot snapshot, HostInstance instance, ServerInstance? server)
    {
        var (launch, host) = instance;
        var (state, record) = snapshot;

        return new HostFile(
            launch.Spec.Name, launch.SpecHash, launch.Tag, host.BootId, Mark(host), server is null ? null : Mark(server.Process), launch.KillRung,
            launch.ScopePath, StatusView.Phase(WithoutPreflight(state)), record.Generation, record.Reloads, record.Restarts, record.LastExit,
            StatusText.Reason(snapshot), record.History.Recent, record.History.Consecutive, record.History.OnProbation,
            WithoutPreflight(state) is HostState.BackingOff backing ? backing.Until : null, server?.PeakMemoryBytes, server?.StartedAt);
    }

    /// <summary>
    /// Restores the counters and the state that must survive the host's death: a crash loop, a failure for good, and a backoff that has not ended. A
    /// running server died with its host; the parent asks the new host to start it.
    /// </summary>
    public static HostSnapshot Restore(HostFile? file, string specHash, string bootId)
    {
        if (file is null || file.SpecHash != specHash)
            return new HostSnapshot(new HostState.Stopped(), ServiceRecord.Empty);

        var isSameBoot = file.BootId == bootId;
        var record = ServiceRecord.Empty with
        {
            Generation = file.Generation,
            Reloads = file.Reloads,
            Restarts = file.Restarts,
            LastExit = file.LastExit,
            History = isSameBoot ? RestartHistory.Restore(file.Failures, file.Consecutive, file.OnProbation) : RestartHistory.Empty,
        };

        HostState state = file.Phase switch
        {
            ServicePhase.CrashLoop => new HostState.CrashLoop(file.Evidence()),
            ServicePhase.Backoff when isSameBoot && file.RetryAt is { } until => new HostState.BackingOff(until, file.Reason ?? "failed"),
            ServicePhase.Completed => new HostState.Completed("completed earlier"),
            ServicePhase.Failed when isSameBoot => new HostState.Failed(file.Reason ?? "failed earlier"),
            _ => new HostState.Stopped(),
        };

        return new HostSnapshot(state, record with { HasRunSinceStop = state is not HostState.Stopped });
    }

    public static ProcessIdentity Identity(ProcessMark mark) => new(mark.Pid, mark.PidfdInode, mark.BootId);

    public static ProcessMark Mark(ProcessIdentity identity) => new(identity.Pid, identity.PidfdInode, identity.BootId);

    /// <summary>A build and a validation end with their host; the state below them is persisted.</summary>
    private static HostState WithoutPreflight(HostState state) => state is HostState.Preflight(var meanwhile, _, _) ? meanwhile : state;

    private static string Evidence(this HostFile file) =>
        file.Reason is { } reason && reason.IndexOf(StatusText.CrashLoopAdvice, StringComparison.Ordinal) is > 0 and var end
            ? reason[..end]
            : file.Reason ?? "failed too often";
}
