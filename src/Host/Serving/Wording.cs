using System.Globalization;

namespace Supervisor.Host.Serving;

/// <summary>What a host says to people.</summary>
internal static class Wording
{
    public const string CrashLoopAdvice = "; it stays down until you restart it or change one of its files";

    /// <summary>One sentence: where the service is and, where that is not where it should be, what to do.</summary>
    public static string WhereItIs(Turn turn)
    {
        var name = turn.At.Spec.Name;

        return turn.State switch
        {
            HostState.Ready(var run, _) => $"{name} is ready (pid {run.Pid}, generation {run.Generation})",
            HostState.Running(var run, null) => $"{name} is running (pid {run.Pid}, generation {run.Generation})",
            HostState.Completed => $"{name} has completed",
            HostState.Stopped(null) => $"{name} is stopped",
            HostState.Left => $"{name} is stopped and its host is leaving",
            _ => $"{name}: {Reason(new Situation(turn.State, turn.Record)) ?? "on its way"}",
        };
    }

    /// <summary>Why the service is where it is, when that needs saying.</summary>
    public static string? Reason(Situation situation)
    {
        var (state, record) = situation;

        return state switch
        {
            HostState.Blocked(var obstacle) => obstacle.Reason,
            HostState.BackingOff(_, var reason) => reason,
            HostState.CrashLoop(var evidence) => evidence + CrashLoopAdvice,
            HostState.Stopped(var why) => why,
            HostState.Starting(_, _, { } miss) => $"not ready yet: {miss}",
            _ when record.Refusal is { } refusal => refusal,
            _ when record.Pending is { IsHeld: true } pending => HeldBack(record.Throttle, pending),
            HostState.Running(_, { } lost) => $"does not answer its readiness probe any more: {lost}",
            HostState.Validating(var meanwhile, _) => Reason(new Situation(meanwhile, record)),
            _ => null,
        };
    }

    /// <summary>Of a service that seems to write its own watched files.</summary>
    public static string HeldBack(ReloadThrottle throttle, PendingReload pending)
    {
        string[] files = throttle.Files is null ? [] : [.. pending.Files.Take(3)];
        var what = files.Length switch { 0 => "files that it watches, others each time,", 1 => $"its own watched file {files[0]}", _ => $"its own watched files {string.Join(", ", files)}" };
        var ignore = files.Length == 0 ? "" : $" (\"ignore\": [{string.Join(", ", files.Select(file => $"\"**/{Path.GetFileName(file)}\""))}])";

        return $"held back: {what} changed {throttle.Reloads} times in {Span(throttle.Latest - throttle.Since)}, each time right after its own start "
            + $"(nobody can see who writes); ignore what it writes{ignore} or restart it; otherwise it is reloaded after a quiet {Span(throttle.Pause)}";
    }

    public static string Span(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");

    public static string Join(string words, string? more) => more is null ? words : $"{words}; {more}";
}
