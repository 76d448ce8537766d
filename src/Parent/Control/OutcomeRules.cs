namespace Supervisor.Parent.Control;

/// <summary>Decides from a board whether a service has reached the state that a command waits for, or can no longer reach it. Pure.</summary>
internal static class OutcomeRules
{
    public static ServiceStatus StatusOf(this StatusReport report, string service) => report.Services.FirstOrDefault(status => status.Name == service)
        ?? throw ErrorCode.Error(ErrorCode.NoSuchService, $"{service} is not in the configuration any more");

    /// <summary>Of a start that was requested. null: not yet.</summary>
    public static ServiceOutcome? Started(string service, StatusReport report, TreeState state) =>
        OvertakenByStop("start", service, report, state) ?? Up(service, state.Plan, report);

    /// <summary>Of a restart that was requested. null: not yet.</summary>
    public static ServiceOutcome? Restarted(string service, StatusReport report, TreeState state) =>
        OvertakenByStop("restart", service, report, state) ?? state.Hosts[service] switch
        {
            { IsRestarting: true } => null,
            { Restart: RequestedRestart.Answered { Outcome: { Succeeded: false } failed } } => failed with { Status = report.StatusOf(service) },
            _ => Up(service, state.Plan, report),
        };

    /// <summary>Of a stop that was requested. null: not yet.</summary>
    public static ServiceOutcome? Stopped(string service, StatusReport report, TreeState state) => state.Hosts[service] switch
    {
        { Desired: DesiredState.Run } when state.Goal == Goal.Serve => Outcome(report.StatusOf(service), false, $"{service}: stop was overtaken by a later start"),
        { IsDown: true } => Outcome(report.StatusOf(service), true, $"{service} is stopped"),
        _ => null,
    };

    private static ServiceOutcome? OvertakenByStop(string command, string service, StatusReport report, TreeState state) =>
        state.Goal == Goal.Serve && state.Hosts[service].Desired is DesiredState.Run
            ? null : Outcome(report.StatusOf(service), false, $"{service}: {command} was overtaken by a later stop");

    /// <summary>null: not yet.</summary>
    public static ServiceOutcome? Up(string service, TreePlan plan, StatusReport report)
    {
        var status = report.StatusOf(service);

        return status.State switch
        {
            _ when !plan.Knows(service) => Outcome(status, false, $"{service} is being removed: it is not in the configuration any more"),
            _ when DependencyRule.IsUp(plan[service], status) => Outcome(status, true, $"{service} is up (process {status.Pid})"),
            ServicePhase.Completed => Outcome(status, true, $"{service} has ended with success"),
            ServicePhase.CrashLoop => Outcome(status, false, $"{service} is in a crash loop: {status.Reason}; `why {service}` shows its failures"),
            ServicePhase.Blocked or ServicePhase.Unhealthy => Outcome(status, false, $"{service} is {status.State.ToString().ToLowerInvariant()}: {status.Reason}"),
            ServicePhase.Failed => Outcome(status, false, $"{service} failed: {status.Reason}; `why {service}` shows more"),
            ServicePhase.Stopped => Outcome(status, false, $"{service} is stopped"),
            ServicePhase.Pending when plan[service].DependsOn.Any(needed =>
                !DependencyRule.IsMet(needed.Value, plan[needed.Key], report.StatusOf(needed.Key)) && Up(needed.Key, plan, report) is { Succeeded: false }) =>
                Outcome(status, false, $"{service} {status.Reason}"),
            _ => null,
        };
    }

    /// <summary>Of a task, whose work is done. null: not yet.</summary>
    public static ServiceOutcome? Completed(string service, TreePlan plan, StatusReport report) =>
        Up(service, plan, report) is { } verdict && (!verdict.Succeeded || verdict.Status!.State == ServicePhase.Completed) ? verdict : null;

    /// <summary>null: not yet.</summary>
    public static ServiceOutcome? Down(string service, StatusReport report) => report.StatusOf(service) switch
    {
        { State: ServicePhase.Stopped or ServicePhase.Completed } status => Outcome(status, true, $"{service} is stopped"),
        { State: ServicePhase.Failed or ServicePhase.CrashLoop } status => Outcome(status, false, $"{service} failed: {status.Reason}"),
        _ => null,
    };

    /// <summary>null: at least one is not decided yet.</summary>
    public static IReadOnlyList<ServiceOutcome>? All(IEnumerable<ServiceOutcome?> verdicts)
    {
        var reached = verdicts.ToArray();
        return reached.Contains(null) ? null : [.. reached.OfType<ServiceOutcome>()];
    }

    private static ServiceOutcome Outcome(ServiceStatus status, bool succeeded, string message) => new(status.Name, succeeded, message, status);
}
