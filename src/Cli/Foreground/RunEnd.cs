using Supervisor.Processes;

namespace Supervisor.Cli.Foreground;

/// <summary>Besides a user, what ends a foreground run.</summary>
internal enum EndRule
{
    /// <summary>Every service has ended, no change could start one again, and none has left something to its stop command.</summary>
    NothingIsLeft,

    /// <summary>The first service has ended.</summary>
    Any,

    /// <summary>Every service has ended.</summary>
    All,

    /// <summary>One has failed, or nothing is left.</summary>
    Failed,
}

/// <param name="Why">A sentence without a full stop.</param>
internal sealed record RunVerdict(int ExitCode, string Why);

/// <summary>Decides whether a foreground run is over although nobody has stopped it. Pure.</summary>
/// <param name="Started">The services of this start.</param>
/// <param name="CodeFrom">The service whose end ends the run, and whose exit code becomes its own; null: none.</param>
internal sealed record RunEnd(EndRule Rule, IReadOnlyList<ServiceSpec> Started, string? CodeFrom = null)
{
    /// <summary>null: it goes on.</summary>
    public RunVerdict? Of(StatusReport board)
    {
        if (CodeFrom is not null && board.Services.FirstOrDefault(service => service.Name == CodeFrom) is { } deciding && OfDeciding(deciding, board) is { } verdict)
            return verdict;

        var services = board.Services.Where(service => IsStarted(service) || service.Generation > 0 || service.State != ServicePhase.Stopped).ToArray();
        var ended = services.Where(HasEnded).ToArray();
        var failed = services.Where(service => HasFailed(service) || (Rule == EndRule.Failed && service.State == ServicePhase.Blocked)).ToArray();

        return Rule switch
        {
            EndRule.Failed when failed.Length > 0 => Verdict(failed),
            EndRule.Any when ended.Length > 0 => Verdict(ended),
            EndRule.All when services.Length > 0 && services.All(service => HasEnded(service) || service is { State: ServicePhase.Stopped, Generation: > 0 }) => Verdict(services),
            EndRule.NothingIsLeft or EndRule.Failed when services.Length > 0 && services.All(service => HasEnded(service) && !IsWatched(service.Name) && !RunsOnElsewhere(service)) => Verdict(services),
            _ => null,
        };
    }

    /// <summary>Of the process, as a shell reports it: 128 and the signal's number for one that was killed. Never 0 for a failure.</summary>
    public static int ExitCodeOf(ServiceStatus service) => service switch
    {
        { State: ServicePhase.Completed } => 0,
        { LastExit: { Reason: ExitKind.Exit, Code: { } code and not 0 } } => code,
        { LastExit: { Reason: ExitKind.Signal } exit } when Signals.TryParse(exit.Signal, out var signal) => 128 + signal,
        _ => (int)ExitCode.Failed,
    };

    private RunVerdict? OfDeciding(ServiceStatus service, StatusReport board) =>
        HasEnded(service) ? new RunVerdict(ExitCodeOf(service), Sentence(service))
        : CannotStart(service, board) ? new RunVerdict((int)ExitCode.Unhealthy, Sentence(service))
        : null;

    /// <summary>Nobody mends what it needs while a script waits.</summary>
    private bool CannotStart(ServiceStatus service, StatusReport board) => service.State == ServicePhase.Blocked || (service.State == ServicePhase.Pending
        && Started.FirstOrDefault(spec => spec.Name == service.Name) is { } spec
        && board.Services.Any(other => spec.DependsOn.TryGetValue(other.Name, out var condition)
            && ((condition != DependencyCondition.Ended && HasFailed(other)) || CannotStart(other, board))));

    private bool IsStarted(ServiceStatus service) => Started.Any(spec => spec.Name == service.Name);

    /// <summary>A service that a reload of the configuration has added may be watched too.</summary>
    private bool IsWatched(string name) => Started.FirstOrDefault(spec => spec.Name == name) is not { } spec || spec.Watch is { OnChange.Action: not ChangeAction.None };

    /// <summary>A completed task with a stop command has started something, such as containers, that the end of the run would end.</summary>
    private bool RunsOnElsewhere(ServiceStatus service) =>
        service.State == ServicePhase.Completed && Started.FirstOrDefault(spec => spec.Name == service.Name) is { Stop.Command: not null };

    private static bool HasEnded(ServiceStatus service) => service.State == ServicePhase.Completed || HasFailed(service);

    private static bool HasFailed(ServiceStatus service) => service.State is ServicePhase.Failed or ServicePhase.CrashLoop;

    private static RunVerdict Verdict(ServiceStatus[] services)
    {
        var failed = services.Where(service => HasFailed(service) || service.State == ServicePhase.Blocked).ToArray();

        return failed.Length > 0
            ? new RunVerdict((int)ExitCode.Unhealthy, string.Join(", ", failed.Select(Sentence)))
            : new RunVerdict((int)ExitCode.Ok, services.Length == 1 ? Sentence(services[0]) : $"all services have ended: {string.Join(", ", services.Select(service => service.Name))}");
    }

    private static string Sentence(ServiceStatus service) => service.State switch
    {
        ServicePhase.Completed => $"{service.Name} has ended with success",
        ServicePhase.Stopped => $"{service.Name} was stopped",
        ServicePhase.CrashLoop => $"{service.Name} is in a crash loop: {service.Reason}",
        ServicePhase.Failed => $"{service.Name} failed: {service.Reason}",
        _ => $"{service.Name} cannot start: {service.Reason}",
    };
}
