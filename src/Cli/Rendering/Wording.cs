using System.Globalization;

namespace Supervisor.Cli.Rendering;

/// <summary>Formats values for people. Pure.</summary>
internal static class Wording
{
    /// <summary>The cause of a restart for a changed env file.</summary>
    public const string EnvFile = "envFile";

    public static string Of(ServicePhase phase) => phase switch
    {
        ServicePhase.CrashLoop => "crash-loop",
        ServicePhase.Draining => "stopping",
        _ => Lower(phase.ToString()),
    };

    public static string Of(WatcherPhase phase) => Lower(phase.ToString());

    public static string Of(ExitStatus exit) => exit.Reason switch
    {
        ExitKind.Exit => $"exit code {exit.Code}",
        ExitKind.Signal => exit.Signal ?? "a signal",
        _ => "unknown exit status",
    };

    public static string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB"),
        < 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GB"),
    };

    public static string Percent(double? percent) =>
        percent is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0}%") : "";

    /// <summary>The two largest units: <c>3h 12m</c>, <c>41s</c>, <c>250ms</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1_000 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalMilliseconds):0}ms"),
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0}s"),
        { TotalMinutes: < 1 } => $"{span.Seconds}s",
        { TotalHours: < 1 } => $"{span.Minutes}m {span.Seconds}s",
        { TotalDays: < 1 } => $"{span.Hours}h {span.Minutes}m",
        _ => $"{(int)span.TotalDays}d {span.Hours}h",
    };

    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The first names, and how many more there are.</summary>
    public static string Few(IReadOnlyList<string> names, int shown = 3) => names.Count <= shown
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} more";

    /// <summary><c>files: a.py, b.py</c>, <c>envFile .env</c>, <c>manual</c>.</summary>
    public static string Cause(string cause, IReadOnlyList<string> files) => (cause, files.Count) switch
    {
        (_, 0) => cause,
        (EnvFile, _) => $"{cause} {Few(files)}",
        _ => $"{cause}: {Few(files)}",
    };

    public static string Watched(WatcherStatus watcher) => $"{Count(watcher.Directories, "folder")}, {Count(watcher.Files, "file")}";

    public static string Count(int number, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    private static string Lower(string word) => word.ToLowerInvariant();
}
