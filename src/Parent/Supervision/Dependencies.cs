namespace Supervisor.Parent.Supervision;

/// <summary>Whether the dependencies of a service are met. Pure.</summary>
internal static class Dependencies
{
    /// <summary>Why the service may not start yet, in words; null: it may.</summary>
    public static string? Unmet(string service, TreePlan plan, TreeState state) => plan[service].DependsOn
        .Where(needed => state.Hosts[needed.Key] is not { State: HostState.Linked { Activity: HostActivity.Serving } } slot || !DependencyRule.IsMet(needed.Value, plan[needed.Key], slot.Status))
        .OrderBy(needed => needed.Key, StringComparer.Ordinal)
        .Select(needed => $"waits for {needed.Key} to be {needed.Value.ToString().ToLowerInvariant()} ({Describe(state.Hosts[needed.Key], plan, state)})")
        .FirstOrDefault();

    private static string Describe(HostSlot slot, TreePlan plan, TreeState state) => slot switch
    {
        { LossReason: { } trouble } => "its host was lost: " + trouble,
        { Desired: DesiredState.Down } => "it was stopped; start it",
        { State: not HostState.Linked { Activity: HostActivity.Serving } } when Unmet(slot.Service, plan, state) is { } why => "it " + why,
        _ => DependencyRule.Describe(slot.Status),
    };
}
