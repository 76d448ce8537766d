namespace Supervisor.Parent.Supervision;

/// <summary>Whether the dependencies of a service are met. Pure.</summary>
internal static class Dependencies
{
    /// <summary>Why the service may not start yet, in words; null: it may.</summary>
    public static string? Unmet(string service, TreePlan plan, TreeState state) => plan[service].DependsOn
        .Where(needed => !IsMet(needed.Value, plan[needed.Key], state.Hosts[needed.Key]))
        .OrderBy(needed => needed.Key, StringComparer.Ordinal)
        .Select(needed => $"waits for {needed.Key} to be {needed.Value.ToString().ToLowerInvariant()} ({Describe(state.Hosts[needed.Key], plan, state)})")
        .FirstOrDefault();

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

    private static bool IsMet(DependencyCondition condition, ServiceSpec spec, HostSlot slot) => slot.State is HostState.Linked { Activity: HostActivity.Serving } && condition switch
    {
        DependencyCondition.Completed => slot.Status.State == ServicePhase.Completed,
        DependencyCondition.Started => slot.Status is { Pid: not null } or { State: ServicePhase.Completed },
        _ => IsUp(spec, slot.Status),
    };

    private static string Describe(HostSlot slot, TreePlan plan, TreeState state) => slot switch
    {
        { LossReason: { } trouble } => "its host was lost: " + trouble,
        { Desired: DesiredState.Down } => "it was stopped; start it",
        { State: not HostState.Linked { Activity: HostActivity.Serving } } when Unmet(slot.Service, plan, state) is { } why => "it " + why,
        { Status.State: ServicePhase.CrashLoop } => "it is in a crash loop",
        { Status.State: ServicePhase.Failed } => "it failed: " + slot.Status.Reason,
        { Status.State: ServicePhase.Backoff } => "it " + slot.Status.Reason,
        { Status.State: ServicePhase.Blocked or ServicePhase.Unhealthy } => $"it is {slot.Status.State.ToString().ToLowerInvariant()}: {slot.Status.Reason}",
        { Status.State: ServicePhase.Completed } => "it has ended",
        _ => "not yet",
    };
}
