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
            _ when record.Pending is { IsHeld: true } =>
                "its own files change right after each start: reloads are held to one in 10 s; "
                + "leave what the server writes out of its watch (watch.ignore)",
            HostState.Running(_, { } lost) => $"does not answer its readiness probe any more: {lost}",
            HostState.Validating(var meanwhile, _) => Reason(new Situation(meanwhile, record)),
            _ => null,
        };
    }

    public static string Span(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");

    public static string Join(string words, string? more) => more is null ? words : $"{words}; {more}";
}
