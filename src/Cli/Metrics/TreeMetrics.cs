using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Metrics;

/// <summary>The metrics of a running tree, from its board and the ledgers of its services. Pure.</summary>
internal static class TreeMetrics
{
    /// <summary>How far back starts and downtimes are counted.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private const string Service = "service";

    private static readonly double[] Bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <param name="ledgers">By service; only entries of the last <see cref="Period"/> count.</param>
    public static string Of(StatusReport board, IReadOnlyDictionary<string, IReadOnlyList<LedgerEntry>> ledgers, DateTimeOffset now)
    {
        var text = new OpenMetricsText();
        Tree(text, board.Tree);
        Watcher(text, board.Watcher);
        Services(text, board.Services, now);
        Ledgers(text, ledgers.ToDictionary(it => it.Key, it => it.Value.Where(entry => now - entry.At <= Period).ToArray(), StringComparer.Ordinal));
        return text.Done();
    }

    private static void Tree(OpenMetricsText text, TreeStatus tree)
    {
        text.Family("supervisor_tree", "info", "The tree.").AddInfo(("config", tree.Config), ("version", tree.Version));
        text.Family("supervisor_tree_start_time_seconds", "gauge", "When its parent was started, since 1970.", "seconds").Add(tree.StartedAt.ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void Watcher(OpenMetricsText text, WatcherStatus watcher)
    {
        text.Family("supervisor_watcher_deaths", "counter", "Ends of watchers since the parent was started.").AddCounter(watcher.Restarts);
        text.Family("supervisor_watcher_up", "gauge", "1 while it sees every change.").Add(watcher.State == WatcherPhase.Watching ? 1 : 0);
        text.Family("supervisor_watcher_memory_bytes", "gauge", "Resident memory.", "bytes").Add(watcher.MemoryBytes);
        text.Family("supervisor_watcher_cpu_ratio", "gauge", "Of one core.", "ratio").Add(watcher.CpuPercent / 100);
        text.Family("supervisor_watcher_files", "gauge", "Files that it watches.").Add(watcher.Files);
        text.Family("supervisor_watcher_queue", "gauge", "Changes that are not delivered yet.").Add(watcher.QueueDepth);
    }

    private static void Services(OpenMetricsText text, IReadOnlyList<ServiceStatus> services, DateTimeOffset now)
    {
        Each("supervisor_service_up", "1 while its server serves.", unit: null, service => service.State is ServicePhase.Ready or ServicePhase.Running ? 1 : 0);
        Each("supervisor_service_stale_seconds", "For how long a refused change has not been served; 0: none is.", "seconds",
            service => service is { Stale: true, LastChange.At: var since } ? (now - since).TotalSeconds : 0);
        Each("supervisor_service_memory_bytes", "Resident memory of all its processes.", "bytes", service => service.MemoryBytes);
        Each("supervisor_service_cpu_ratio", "Of one core.", "ratio", service => service.CpuPercent / 100);
        Each("supervisor_service_restarts_last_hour", "Recoveries within the last hour.", unit: null, service => service.Rates?.RestartsLastHour);
        Each("supervisor_service_reloads_last_hour", "Starts because of saved files within the last hour.", unit: null, service => service.Rates?.ReloadsLastHour);

        text.Family("supervisor_service_restarts", "counter", "Recoveries: starts because the server had failed.");
        foreach (var service in services)
            text.AddCounter(service.Restarts, (Service, service.Name));

        text.Family("supervisor_service_reloads", "counter", "Starts because of saved files.");
        foreach (var service in services)
            text.AddCounter(service.Reloads, (Service, service.Name));

        text.Family("supervisor_service_state", "gauge", "1 for the state that it has.");
        foreach (var service in services)
            text.Add(1, (Service, service.Name), ("state", Wording.Of(service.State)));

        void Each(string name, string help, string? unit, Func<ServiceStatus, double?> value)
        {
            text.Family(name, "gauge", help, unit);

            foreach (var service in services)
                text.Add(value(service), (Service, service.Name));
        }
    }

    private static void Ledgers(OpenMetricsText text, Dictionary<string, LedgerEntry[]> ledgers)
    {
        text.Family("supervisor_service_starts_last_day", "gauge", "Starts within the last 24 hours, by cause.");
        foreach (var (service, entries) in ledgers)
        {
            foreach (var cause in entries.Where(entry => entry is { Event: "started" or "reloaded", Pid: not null }).CountBy(entry => entry.Cause, StringComparer.Ordinal).OrderBy(cause => cause.Key, StringComparer.Ordinal))
                text.Add(cause.Value, (Service, service), ("cause", cause.Key));
        }

        text.Family("supervisor_service_downtime_seconds", "gaugehistogram", "How long no server was ready, of each reload and recovery within the last 24 hours.", "seconds");
        foreach (var (service, entries) in ledgers)
            text.AddGaugeHistogram([.. entries.Select(entry => entry.DowntimeMs / 1000.0).OfType<double>()], Bounds, (Service, service));
    }
}
