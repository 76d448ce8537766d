namespace Supervisor.Client;

/// <summary>Whether two boards have the same content. Lists in records compare by reference, and a heartbeat brings new lists with the same content.</summary>
public static class StatusComparison
{
    /// <summary>Ignores the revision.</summary>
    public static bool HasSameContentAs(this StatusReport report, StatusReport other) =>
        report.Tree with { Revision = other.Tree.Revision } == other.Tree && report.Watcher.HasSameContentAs(other.Watcher)
        && report.Services.Count == other.Services.Count && report.Services.Zip(other.Services).All(pair => pair.First.HasSameContentAs(pair.Second));

    public static bool HasSameContentAs(this WatcherStatus status, WatcherStatus other) =>
        status with { Roots = other.Roots, Holds = other.Holds } == other
        && status.Roots.SequenceEqual(other.Roots) && status.Holds.SequenceEqual(other.Holds);

    public static bool HasSameContentAs(this ServiceStatus status, ServiceStatus other) =>
        status with { Ports = other.Ports, LastChange = other.LastChange } == other
        && status.Ports.SequenceEqual(other.Ports) && HaveSameContent(status.LastChange, other.LastChange);

    private static bool HaveSameContent(LastChange? one, LastChange? other) =>
        one == other || (one is not null && other is not null
            && one with { Files = other.Files } == other && one.Files.SequenceEqual(other.Files, StringComparer.Ordinal));
}
