using System.Globalization;
using Supervisor.Host.StateMachine;

namespace Supervisor.Host.Output;

/// <summary>What viewers read about the service in its output: one line for each event that matters to a developer. Pure.</summary>
internal static class ViewerLines
{
    /// <summary>Shorter parts of a reload are not told.</summary>
    private static readonly TimeSpan ShortestPart = TimeSpan.FromMilliseconds(50);

    /// <summary>At the spawn; null: the line at the end of the reload says it all.</summary>
    public static string? Started(ServiceSpec spec, Cause cause, int pid) => cause switch
    {
        Cause.Files or Cause.EnvFile => null,
        Cause.Crash or Cause.Oom or Cause.Probe => $"{Mark(spec)}{HostLines.Started} again (pid {pid})",
        _ => $"{Mark(spec)}{HostLines.Started} (pid {pid})",
    };

    /// <returns>One or several lines; null: nothing to tell.</returns>
    /// <param name="ended">The start or reload that the entry ends.</param>
    public static string? Of(LedgerEntry entry, EndedChange? ended) => entry.Event switch
    {
        "started" => null,
        "reloaded" => ended is null ? null : Reloaded(entry, ended),
        "ready" when ended is not null && (entry.Cause == Cause.Files.Word() || IsEnvFile(entry)) => Reloaded(entry, ended),
        "ready" => $"{HostLines.Good}ready{(ended is null ? "" : $" in {Seconds(ended.Whole)} s")}",
        "refused" => Refused(entry),
        "held" => $"{HostLines.Warning}{entry.Detail}",
        "crash-loop" => $"{HostLines.Bad}crash loop: {entry.Detail}{StatusText.CrashLoopAdvice}",
        "failed" or "blocked" or "unhealthy" => $"{HostLines.Bad}{entry.Event}{Detail(entry)}",
        "healthy" => $"{HostLines.Good}healthy again",
        "completed" => $"{HostLines.Good}completed{Detail(entry)}",
        "stopped" when entry.Detail is { } exit => $"stopped ({exit})",
        _ => $"{entry.Event}{Detail(entry)}",
    };

    private static string Mark(ServiceSpec spec) => spec.Ready is null ? HostLines.Good : "";

    private static string Reloaded(LedgerEntry entry, EndedChange ended)
    {
        (string Name, TimeSpan? Took)[] parts = [("wait", ended.Waiting), ("build", ended.Build), ("check", ended.Validation), ("start", ended.Start)];
        var told = parts.Where(part => part.Took >= ShortestPart).Select(part => $"{part.Name} {Seconds(part.Took!.Value)}").ToArray();
        var split = ended is { Build: null, Validation: null } && ended.Waiting < ShortestPart ? "" : $" ({string.Join(", ", told)})";
        var signal = entry.Detail is { } detail ? $", {detail}" : "";
        var took = entry.Detail is not null && ended.Whole < ShortestPart ? "" : $" in {Seconds(ended.Whole)} s";

        return $"{HostLines.Reloaded}{took}{(told.Length > 0 ? split : "")}{signal}{(IsEnvFile(entry) ? "  " + Cause.EnvFile.Word() : "")}{Files(ended.Files)}";
    }

    private static bool IsEnvFile(LedgerEntry entry) => entry.Cause == Cause.EnvFile.Word();

    private static string Files(IReadOnlyList<string> files) => files.Count switch
    {
        0 => "",
        1 => $"  {files[0]}",
        var count => $"  {files[0]} +{count - 1}",
    };

    private static string Refused(LedgerEntry entry)
    {
        var reason = entry.Detail ?? "";
        var (headline, quoted) = (Headline.Of(reason), Headline.Quoted(reason));
        var after = entry.Pid is null ? "the next change tries again" : "the old code serves";
        var below = quoted is [var only] && only == headline ? [] : quoted;

        return string.Join('\n', [$"{HostLines.Bad}{(entry.Cause == Cause.Build.Word() ? "build failed" : entry.Event)}: {headline} ({after})", .. below.Select(line => HostLines.Quoted + line)]);
    }

    private static string Detail(LedgerEntry entry) => entry.Detail is { } detail ? $": {detail}" : "";

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString(span < TimeSpan.FromMilliseconds(95) ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
