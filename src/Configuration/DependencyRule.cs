namespace Supervisor.Configuration;

/// <summary>Whether the status of a service is what another service waits for. Pure.</summary>
public static class DependencyRule
{
    /// <summary>
    /// The server is usable: its probe has succeeded, or it has none. During a build or a validation the old server stays as it is: serving, starting or in its backoff.
    /// </summary>
    public static bool IsUp(ServiceSpec spec, ServiceStatus status) => status.Pid is not null && status.State switch
    {
        ServicePhase.Ready => true,
        ServicePhase.Building or ServicePhase.Validating => spec.Ready is null || status.ReadyAt is not null,
        ServicePhase.Running => spec.Ready is null,
        _ => false,
    };

    /// <param name="spec">Of the service that is waited for; <paramref name="status"/> too.</param>
    public static bool IsMet(DependencyCondition condition, ServiceSpec spec, ServiceStatus status) => condition switch
    {
        DependencyCondition.Completed => status.State == ServicePhase.Completed,
        DependencyCondition.Ended => status.State is ServicePhase.Completed or ServicePhase.Failed or ServicePhase.CrashLoop,
        DependencyCondition.Started => status is { Pid: not null } or { State: ServicePhase.Completed },
        _ => IsUp(spec, status),
    };
}
