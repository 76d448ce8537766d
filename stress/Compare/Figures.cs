using Supervisor.Stress.Invariants.Statistics;
namespace Supervisor.Stress.Compare;

/// <summary>The rows of the comparison, the same on the terminal and in the page.</summary>
internal static class Figures
{
    private const double MiB = 1024 * 1024;

    public static IReadOnlyList<Figure> For(CompareReport report) =>
    [
        Figure.Number("ready after, s", "from the start command until every server served what is on disk",
            tool => tool.Start?.TotalSeconds, format: "0.0"),
        .. Changes,
        .. Restarts,
        .. Costs,
        .. Enumerable.Range(0, report.Plan.Kills).Select(Kill),
        Figure.Number("kills recovered from", "back by itself, no server affected, the next change served",
            tool => tool.Kills.Count == 0 ? null : tool.Kills.Count(kill => kill.IsRecovered), Better.More),
        .. Leftover,
        Figure.Label("trouble", "what ended the benchmark of the tool early", tool => tool.Trouble),
    ];

    private static Figure[] Changes =>
    [
        Figure.Number("changes", "jobs that changed what a service should serve, counted for each service",
            tool => tool.Load?.Changes, Better.Neither),
        Figure.Number("changes missed", "no server had read them 15 s after the job", tool => tool.Load?.Missed),
        Figure.Number("changes late", "served only after the next change of the same service", tool => tool.Load?.Late),
        Figure.Number("served after, p50 ms", "from the job's end until an answer that has it",
            tool => Milliseconds(tool.Load?.Latencies, 0.5)),
        Figure.Number("served after, p99 ms", "the same, of the changes that were served",
            tool => Milliseconds(tool.Load?.Latencies, 0.99)),
    ];

    private static Figure[] Restarts =>
    [
        Figure.Number("restarts", "another process answers than before", tool => tool.Load?.Restarts, Better.Neither),
        Figure.Number("restarts, needless", "the new server serves exactly what the old one served", tool => tool.Load?.Needless),
        Figure.Number("downtime, s", "requests to the busy services failed, in all",
            tool => tool.Load?.Downtime.TotalSeconds, format: "0.0"),
        Figure.Number("downtime of a reload, p50 ms", "of each series of failed requests", tool => Milliseconds(tool.Load?.Outages, 0.5)),
        Figure.Number("untouched service: requests failed", "nobody changed its files", tool => tool.Load?.Untouched.Failed),
        Figure.Number("untouched service: restarts", "nobody changed its files", tool => tool.Load?.Untouched.Restarts),
    ];

    private static Figure[] Costs =>
    [
        Figure.Number("memory, idle, MiB", "PSS of all its processes but the servers", tool => tool.Idle?.Bytes / MiB, format: "0.0"),
        Figure.Number("memory, after the load, MiB", "the same", tool => tool.Loaded?.Bytes / MiB, format: "0.0"),
        Figure.Number("processes", "of the tool itself", tool => tool.Idle?.Processes, Better.Neither),
        Figure.Number("watches", "inotify, before the load", tool => tool.Idle?.Watches),
    ];

    private static Figure[] Leftover =>
    [
        Figure.Label("left behind by stop", "10 s after the tool was stopped as its user would", tool => Left(tool.AfterStop)),
        Figure.Label("left behind by stop after the kills", "the same, once its watching component had been killed",
            tool => Left(tool.AfterKillsAndStop)),
    ];

    private static Figure Kill(int round) => Figure.Label(
        $"watching component killed, {round + 1}", "SIGKILL; 3 s later a source is changed",
        tool => tool.Kills.Count > round ? tool.Kills[round].InWords : null);

    private static string? Left(Leftovers? left) => left switch
    {
        null => null,
        { Processes: [], Ports: [] } => "nothing",
        _ => $"{left.Processes.Count} {(left.Processes.Count == 1 ? "process" : "processes")}, "
            + $"{left.Ports.Count} {(left.Ports.Count == 1 ? "port" : "ports")} bound",
    };

    private static double? Milliseconds(IReadOnlyList<TimeSpan>? durations, double quantile) =>
        durations is { Count: > 0 } ? NearestRank.Of([.. durations.Order()], quantile).TotalMilliseconds : null;
}
