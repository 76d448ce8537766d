using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Stored;

/// <summary>One service of a tree whose parent does not run. Pure.</summary>
/// <param name="Host">The state file of its host, which lives; null: no host does.</param>
/// <param name="Entries">The newest of its ledger, oldest first.</param>
internal sealed record StoredService(string Name, HostFile? Host, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>Its server goes on.</summary>
    public bool IsServing => Host is { Server: not null };

    public ServiceStatus Status => Host is { } host
        ? new ServiceStatus(
            Name, host.Phase, Stale: false, host.Server?.Pid, host.Host.Pid, host.Generation, host.Reloads, host.Restarts, StartedAt(host), ReadyAt: null,
            [], MemoryBytes: null, CpuPercent: null, host.LastExit, LastChange: null, host.Reason)
        : new ServiceStatus(
            Name, ServicePhase.Stopped, Stale: false, Pid: null, HostPid: null, Entries.Count > 0 ? Entries[^1].Generation : 0, 0, 0, null, null, [], null, null,
            Entries.LastOrDefault(entry => entry.Exit is not null)?.Exit, null, null);

    /// <summary>What its ledger says last; null: that it was stopped, or nothing.</summary>
    public string? Remark(DateTimeOffset now) => (Host, Entries) switch
    {
        ({ Reason: { } reason }, _) => $"{Name}: {reason}",
        (null, [.., { Event: not "stopped" } last]) => $"{Name}: {Told(last, now)}",
        (null, [.., { Event: "failed" or "crash-loop" } last, { Event: "stopped" }]) => $"{Name}: {Told(last, now)}",
        _ => null,
    };

    public static string Notice(string config, IReadOnlyList<StoredService> services)
    {
        var serving = services.Where(service => service.IsServing).Select(service => $"{service.Name} (pid {service.Host!.Server!.Pid})").ToArray();

        return serving.Length == 0
            ? NotRunning(config)
            : $"The parent of {config} is gone, but its servers go on: {string.Join(", ", serving)}. "
                + "\"supervisor start\" (or \"supervisor start -d\") takes them back without a restart. What follows is on disk.";
    }

    public static string NotRunning(string config) => $"No tree is running for {config}; \"supervisor start\" starts it. What follows is on disk.";

    private static string Told(LedgerEntry last, DateTimeOffset now) =>
        $"last {last.Event} {Wording.Span(now - last.At)} ago" + (last.Detail is { Length: > 0 } detail ? $": {detail}" : "");

    private DateTimeOffset? StartedAt(HostFile host) =>
        Entries.LastOrDefault(entry => entry.Event is "started" or "reloaded" && entry.Pid == host.Server?.Pid)?.At;
}
