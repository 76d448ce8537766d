using System.Globalization;

namespace Supervisor.Host.StateMachine;

/// <summary>Texts about the service for users.</summary>
internal static class StatusText
{
    public const string NeverReady = "ended before it was ready; does it put itself into the background?";

    public const string CrashLoopAdvice = "; it stays down until you restart it or change one of its files";

    /// <summary>One sentence: the state of the service and, if it needs attention, what to do.</summary>
    public static string Describe(Transition transition)
    {
        var name = transition.Context.Spec.Name;

        return transition.State switch
        {
            HostState.Ready(var run, _) => $"{name} is ready (pid {run.Pid}, generation {run.Generation})",
            HostState.Running(var run) => $"{name} is running (pid {run.Pid}, generation {run.Generation})",
            HostState.Unhealthy(_, var reason) => $"{name} is unhealthy: {reason}",
            HostState.Completed => $"{name} has completed",
            HostState.Failed(var reason) => $"{name} failed: {reason}",
            HostState.Stopped => $"{name} is stopped",
            HostState.Shutdown => $"{name} is stopped and its host is shutting down",
            _ => $"{name}: {Reason(new HostSnapshot(transition.State, transition.Record)) ?? "in progress"}",
        };
    }

    /// <summary>Why the service is in its state; null: the state says enough.</summary>
    public static string? Reason(HostSnapshot snapshot)
    {
        var (state, record) = snapshot;

        return state switch
        {
            HostState.Blocked(var blockReason) => blockReason.Text,
            HostState.BackingOff(_, var reason) => reason,
            HostState.CrashLoop(var evidence) => evidence + CrashLoopAdvice,
            HostState.Failed(var reason) => reason,
            HostState.Starting(_, _, { } failure) => $"not ready yet: {failure}",
            HostState.Unhealthy(_, var reason) => reason,
            _ when record.EnvFileRefusal is { } unusable => unusable,
            _ when record.Refusal is { } refusal => refusal,
            _ when record.Pending is { Hold: not ReloadHold.None } pending => HeldBack(record.Throttle, pending),
            HostState.Preflight(var underlying, _, _) => Reason(new HostSnapshot(underlying, record)),
            _ => null,
        };
    }

    public static string HeldBack(ReloadThrottle throttle, PendingReload pending) =>
        pending.Rechecks > 0 ? HeldByBuild(pending) : pending.Hold == ReloadHold.Brief ? HeldBriefly(throttle, pending) : HeldLong(throttle, pending);

    /// <summary>For a build that seems to write watched files, others each time.</summary>
    private static string HeldByBuild(PendingReload pending)
    {
        var files = pending.Files.Where(file => !file.StartsWith('(')).Take(3).ToArray();

        return $"{string.Join(", ", pending.Files.Take(3))} changed during each of {BuildSpec.MaxRounds} builds in a row (supervisor does not know which process writes); "
            + $"ignore what the build writes{Ignore(files)}; otherwise it is built again after a quiet {Duration(ReloadScheduler.PauseOf(pending.Rechecks))}";
    }

    /// <summary>For a service that may write its own watched files, or whose user saves quickly.</summary>
    private static string HeldBriefly(ReloadThrottle throttle, PendingReload pending) =>
        $"held back: {(Named(throttle, pending) is { Length: > 0 } files ? string.Join(", ", files) : "watched files")} changed {throttle.Reloads} times in "
            + $"{Duration(throttle.Latest - throttle.Since)}, each time right after a start; it is reloaded once nothing has changed for {Duration(throttle.Pause)}";

    /// <summary>For a service that seems to write its own watched files.</summary>
    private static string HeldLong(ReloadThrottle throttle, PendingReload pending)
    {
        var files = Named(throttle, pending);
        var what = files.Length switch
        {
            0 => "files that it watches, others each time,",
            1 => $"its own watched file {files[0]}",
            _ => $"its own watched files {string.Join(", ", files)}",
        };

        return $"held back: {what} changed {throttle.Reloads} times in {Duration(throttle.Latest - throttle.Since)}, each time right after its own start "
            + $"(supervisor does not know which process writes); ignore what it writes{Ignore(files)} or restart it; otherwise it is reloaded after a quiet {Duration(throttle.Pause)}";
    }

    private static string Ignore(string[] files) =>
        files.Length == 0 ? "" : $" (\"ignore\": [{string.Join(", ", files.Select(file => $"\"**/{Path.GetFileName(file)}\""))}])";

    private static string[] Named(ReloadThrottle throttle, PendingReload pending) =>
        throttle.Files is { } files ? [.. pending.Files.Where(files.Contains).Take(3)] : [];

    public static string Duration(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");

    public static string HealthChecks(int failures) => failures == 1 ? "its health check" : $"{failures} health checks in a row";

    public static string Size(long bytes) => bytes < 10L << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB");

    public static string Join(string description, string? more) => more is null ? description : $"{description}; {more}";
}
