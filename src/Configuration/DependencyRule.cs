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

    /// <summary>The generation of a server that is up, or of a task that has completed. null: it is neither.</summary>
    public static int? UpGeneration(ServiceSpec spec, ServiceStatus status) =>
        status.State == ServicePhase.Completed || IsUp(spec, status) ? status.Generation : null;

    /// <summary>Why a service is not what another one waits for, as far as its status says, in words after its name.</summary>
    public static string Describe(ServiceStatus status) => status.State switch
    {
        ServicePhase.CrashLoop => "it is in a crash loop",
        ServicePhase.Failed => "it failed: " + status.Reason,
        ServicePhase.Backoff => "it " + status.Reason,
        ServicePhase.Blocked or ServicePhase.Unhealthy => $"it is {status.State.ToString().ToLowerInvariant()}: {status.Reason}",
        ServicePhase.Completed => "it has ended",
        _ => "not yet",
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
