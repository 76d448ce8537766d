
namespace Supervisor.Host.Serving;

/// <summary>The situation as others are told it. Pure; nothing is ever decided from a status.</summary>
internal static class StatusView
{
    public static ServiceStatus Of(Situation situation, ServiceSpec spec, int hostPid, UsageSample? usage)
    {
        var (state, record) = situation;
        var run = state.Run();
        var port = run is null ? null : run.Port ?? spec.Port;

        return new ServiceStatus(
            spec.Name, Phase(state), record.Refusal is not null || record.Pending is { IsHeld: true }, run?.Pid, hostPid, record.Generation, record.Reloads, record.Restarts,
            run?.StartedAt.Wall, ReadyAt(state), port is { } number ? [number] : [],
            run is null ? null : usage?.MemoryBytes, run is null ? null : usage?.CpuPercent,
            record.LastExit, record.Change?.Shown, Wording.Reason(situation));
    }

    public static ServicePhase Phase(HostState state) => state switch
    {
        HostState.Blocked => ServicePhase.Blocked,
        HostState.Spawning or HostState.Starting => ServicePhase.Starting,
        HostState.Running => ServicePhase.Running,
        HostState.Ready => ServicePhase.Ready,
        HostState.Validating => ServicePhase.Validating,
        HostState.Draining => ServicePhase.Draining,
        HostState.BackingOff => ServicePhase.Backoff,
        HostState.CrashLoop => ServicePhase.CrashLoop,
        HostState.Completed => ServicePhase.Completed,
        _ => ServicePhase.Stopped,
    };

    private static DateTimeOffset? ReadyAt(HostState state) => state switch
    {
        HostState.Ready(_, var since) => since.Wall,
        HostState.Validating(var meanwhile, _) => ReadyAt(meanwhile),
        _ => null,
    };
}

/// <summary>What the server and everything it started use, as last sampled.</summary>
/// <param name="MemoryBytes">Resident, in bytes.</param>
/// <param name="CpuPercent">Of one core.</param>
internal sealed record UsageSample(long? MemoryBytes, double? CpuPercent);
