using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary>The probes of process-compose, whose words are those of Kubernetes. Pure.</summary>
internal static class ProbeCarrier
{
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromHours(1);

    /// <returns>null: it has no check.</returns>
    public static JsonObject? Ready(YamlSection probe)
    {
        if (Check(probe) is not { } ready)
            return null;

        var (delay, period) = (CarriedDuration.Seconds(probe.Number("initial_delay_seconds")) ?? TimeSpan.Zero, CarriedDuration.Seconds(probe.Number("period_seconds")) ?? TimeSpan.FromSeconds(10));

        // The time after which the last allowed check has failed; never less than the default, since a late server is not a wrong one.
        var timeout = delay + (period * Math.Clamp(probe.Number("failure_threshold") ?? 3, 1, 1_000));

        if (timeout > TimeSpan.FromSeconds(60))
            ready["timeout"] = CarriedDuration.Text(timeout, LeastTimeout, MostTimeout);

        if (delay > TimeSpan.Zero && delay < TimeSpan.FromMinutes(50))
            ready["delay"] = CarriedDuration.Text(delay, TimeSpan.Zero, MostTimeout);

        if (probe.Number("success_threshold") is > 1 and <= 1_000 and var successes)
            ready["successes"] = successes;

        return ready;
    }

    /// <returns>null: there is none.</returns>
    public static JsonObject? Health(YamlSection? probe)
    {
        if (probe is null || Check(probe) is not { } health)
            return null;

        Add("interval", probe.Number("period_seconds"), TimeSpan.FromMilliseconds(100));
        Add("timeout", probe.Number("timeout_seconds"), LeastTimeout);
        Add("delay", probe.Number("initial_delay_seconds"), TimeSpan.Zero);

        if (probe.Number("failure_threshold") is > 0 and <= 1_000 and var failures)
            health["failures"] = failures;

        health["onFailure"] = "restart";
        return health;

        void Add(string key, int? seconds, TimeSpan least)
        {
            if (CarriedDuration.Text(CarriedDuration.Seconds(seconds), least, MostTimeout) is { } text)
                health[key] = text;
        }
    }

    private static JsonObject? Check(YamlSection probe)
    {
        if (probe.Section("exec")?.Text("command") is { } command)
            return new JsonObject { ["exec"] = CarriedText.ForBash(command) };

        if (probe.Section("http_get") is not { } http)
            return null;

        var (scheme, host, path) = (http.Text("scheme") ?? "http", http.Text("host") ?? "127.0.0.1", http.Text("path") ?? "/");
        var port = http.Text("port") is { } written ? $":{written}" : "";
        var url = $"{scheme}://{(host == "0.0.0.0" ? "127.0.0.1" : host)}{port}{(path.StartsWith('/') ? path : "/" + path)}";

        if (!url.Contains('$', StringComparison.Ordinal) && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            return null;

        var check = new JsonObject { ["http"] = CarriedText.Value(url) };

        if (http.Number("status_code") is >= 100 and <= 599 and var status && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            check["status"] = status;

        return check;
    }
}
