namespace Supervisor.Parent.Supervision;

/// <summary>Whether what a service needs is there. Pure.</summary>
internal static class Dependencies
{
    /// <summary>Why the service may not be started yet, in words; null when it may.</summary>
    public static string? Unmet(string service, TreePlan plan, TreeState state) => plan[service].DependsOn
        .Where(needed => !IsMet(needed.Value, plan[needed.Key], state.Hosts[needed.Key]))
        .OrderBy(needed => needed.Key, StringComparer.Ordinal)
        .Select(needed => $"waits for {needed.Key} to be {Word(needed.Value)} ({Stands(state.Hosts[needed.Key])})")
        .FirstOrDefault();

    /// <summary>
    /// The server can be used: its probe has answered, or it has none. While a change is validated, the old server goes on as it was: it may be serving,
    /// starting or waiting out its backoff.
    /// </summary>
    public static bool IsUp(ServiceSpec spec, ServiceStatus status) => status.State switch
    {
        ServicePhase.Ready => true,
        ServicePhase.Validating => spec.Ready is null ? status.Pid is not null : status.ReadyAt is not null,
        ServicePhase.Running => spec.Ready is null,
        _ => false,
    };

    private static bool IsMet(DependencyCondition condition, ServiceSpec spec, HostSlot slot) => slot.State is HostState.Linked && condition switch
    {
        DependencyCondition.Completed => slot.Status.State == ServicePhase.Completed,
        DependencyCondition.Started => slot.Status is { Pid: not null } or { State: ServicePhase.Completed },
        _ => IsUp(spec, slot.Status),
    };

    private static string Word(DependencyCondition condition) => condition switch
    {
        DependencyCondition.Completed => "completed",
        DependencyCondition.Started => "started",
        _ => "ready",
    };

    private static string Stands(HostSlot slot) => slot switch
    {
        { Trouble: { } trouble } => "its host was lost: " + trouble,
        { Desire: Desire.Down } => "it was stopped; start it",
        { Status.State: ServicePhase.CrashLoop } => "it is in a crash loop",
        { Status.State: ServicePhase.Blocked } => "it is blocked: " + slot.Status.Reason,
        { Status.State: ServicePhase.Completed } => "it has ended",
        _ => "not yet",
    };
}
