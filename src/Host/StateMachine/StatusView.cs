
namespace Supervisor.Host.StateMachine;

/// <summary>Converts a snapshot to the public status. Pure; no decision uses a status.</summary>
internal static class StatusView
{
    public static ServiceStatus Of(HostSnapshot snapshot, ServiceSpec spec, int hostPid, UsageSample? usage, RestartRates? rates = null)
    {
        var (state, record) = snapshot;
        var run = state.Run();
        var port = run is null ? null : run.Port ?? spec.Port;

        return new ServiceStatus(
            spec.Name, Phase(state), record.Refusal is not null || record.EnvFileRefusal is not null || record.Pending is { Hold: not ReloadHold.None }, run?.Pid, hostPid,
            record.Generation, record.Reloads, record.Restarts, run?.StartedAt.Wall, ReadyAt(state), port is { } number ? [number] : [],
            run is null ? null : usage?.MemoryBytes, run is null ? null : usage?.CpuPercent,
            record.LastExit, record.LastChange?.Reported, StatusText.Reason(snapshot), rates, run is null ? null : record.StatusText);
    }

    public static ServicePhase Phase(HostState state) => state switch
    {
        HostState.Blocked => ServicePhase.Blocked,
        HostState.Spawning or HostState.Starting => ServicePhase.Starting,
        HostState.Running => ServicePhase.Running,
        HostState.Ready => ServicePhase.Ready,
        HostState.Unhealthy => ServicePhase.Unhealthy,
        HostState.Building => ServicePhase.Building,
        HostState.Validating => ServicePhase.Validating,
        HostState.Draining or HostState.RunningStopCommand => ServicePhase.Draining,
        HostState.BackingOff => ServicePhase.Backoff,
        HostState.CrashLoop => ServicePhase.CrashLoop,
        HostState.Completed => ServicePhase.Completed,
        HostState.Failed => ServicePhase.Failed,
        _ => ServicePhase.Stopped,
    };

    private static DateTimeOffset? ReadyAt(HostState state) => state switch
    {
        HostState.Ready(_, var since) => since.Wall,
        HostState.Preflight(var underlying, _, _) => ReadyAt(underlying),
        _ => null,
    };
}

/// <summary>What the server and all its processes use, as last sampled.</summary>
/// <param name="MemoryBytes">Resident, in bytes.</param>
/// <param name="CpuPercent">Of one core.</param>
internal sealed record UsageSample(long? MemoryBytes, double? CpuPercent);
