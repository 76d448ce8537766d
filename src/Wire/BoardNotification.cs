namespace Supervisor.Wire;

/// <summary>Sends <see cref="Notifications.Board"/> with a report's members as named parameters: any client can read them as one object.</summary>
public static class BoardNotification
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["tree"] = typeof(TreeStatus), ["watcher"] = typeof(WatcherStatus), ["services"] = typeof(IReadOnlyList<ServiceStatus>),
    };

    /// <inheritdoc cref="RpcLink.NotifyAsync{T}"/>
    public static Task SendAsync(RpcLink link, StatusReport report, CancellationToken cancellationToken) => link.NotifyAsync(
        Notifications.Board,
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["tree"] = report.Tree, ["watcher"] = report.Watcher, ["services"] = report.Services },
        Types, cancellationToken);
}
