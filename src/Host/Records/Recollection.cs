using Supervisor.Host.Serving;
using Supervisor.Processes;
using Supervisor.Supervision;

namespace Supervisor.Host.Records;

/// <summary>Turns a situation into what is written down, and what was written down into the situation that a new host begins with. Pure.</summary>
internal static class Recollection
{
    /// <summary>What does not change as long as this host lives.</summary>
    internal sealed record Origin(HostLaunch Launch, ProcessIdentity Host);

    public static HostFile Write(Situation situation, Origin origin, ProcessIdentity? server)
    {
        var (launch, host) = origin;
        var (state, record) = situation;

        return new HostFile(
            launch.Spec.Name, launch.SpecHash, launch.Tag, host.BootId, Mark(host), server is { } running ? Mark(running) : null, launch.KillRung,
            launch.ScopePath, StatusView.Phase(Resting(state)), record.Generation, record.Reloads, record.Restarts, record.LastExit,
            Wording.Reason(situation), record.History.Recent, record.History.Consecutive, record.History.OnProbation,
            Resting(state) is HostState.BackingOff backing ? backing.Until : null);
    }

    /// <summary>
    /// The counters go on; so does a verdict (a crash loop, a backoff that is still running), for a host that dies must not be a way around it.
    /// A server that ran has died with its host: the new one is asked to start it.
    /// </summary>
    public static Situation Read(HostFile? file, string specHash, string bootId)
    {
        if (file is null || file.SpecHash != specHash)
            return new Situation(new HostState.Stopped(), ServiceRecord.Empty);

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
            _ => new HostState.Stopped(),
        };

        return new Situation(state, record);
    }

    public static ProcessIdentity Identity(ProcessMark mark) => new(mark.Pid, mark.PidfdInode, mark.BootId);

    private static ProcessMark Mark(ProcessIdentity identity) => new(identity.Pid, identity.PidfdInode, identity.BootId);

    /// <summary>A validation does not outlive its host; what it was about does.</summary>
    private static HostState Resting(HostState state) => state is HostState.Validating(var meanwhile, _) ? meanwhile : state;

    private static string Evidence(this HostFile file) => file.Reason is { } reason && reason.IndexOf(Wording.CrashLoopAdvice, StringComparison.Ordinal) is > 0 and var end
        ? reason[..end]
        : file.Reason ?? "failed too often";
}
