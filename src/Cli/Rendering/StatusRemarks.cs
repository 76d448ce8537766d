namespace Supervisor.Cli.Rendering;

/// <summary>The texts below the table of <c>supervisor status</c>: reasons of service states, the watcher, holds and the tree. Pure.</summary>
internal static class StatusRemarks
{
    public static IEnumerable<string> Of(StatusReport board, DateTimeOffset now)
    {
        foreach (var service in board.Services.Where(s => s.Reason is { Length: > 0 }))
            yield return $"{service.Name}: {Reason(service)}";

        foreach (var service in board.Services.Where(s => s.StatusText is { Length: > 0 }))
            yield return $"{service.Name} says: {service.StatusText}";

        yield return "watcher: " + Watcher(board.Watcher);

        foreach (var remark in Roots(board))
            yield return remark;

        if (WatcherRemarks.Of(board.Watcher.Resyncs) is { } again)
            yield return $"watcher: {again}";

        foreach (var hold in board.Watcher.Holds)
            yield return $"changes are held by {hold.Name} ({hold.Holder}) for {Wording.Span(now - hold.Since)}";

        if (board.Tree.Change is { } change)
            yield return DifferenceText.Of(change, board.Tree.Config) + (change.Difference is null ? "" : "; until then the tree runs the earlier configuration");

        yield return $"tree: {board.Tree.Config}, parent pid {board.Tree.ParentPid}, up {Wording.Span(now - board.Tree.StartedAt)}";

        var adopted = board.Services.Where(s => s is { Pid: not null, StartedAt: { } at } && at < board.Tree.StartedAt).Select(s => s.Name).ToArray();

        if (adopted.Length > 0)
            yield return $"adopted from an earlier parent, never interrupted: {string.Join(", ", adopted)}";
    }

    /// <summary>The text of a tool does not survive the wrapping of words.</summary>
    private static string Reason(ServiceStatus service) => service.Reason!.Trim().Contains('\n', StringComparison.Ordinal)
        ? $"{Headline.Of(service.Reason)}; \"supervisor why {service.Name}\" shows all of it"
        : service.Reason;

    private static string Watcher(WatcherStatus watcher)
    {
        var parts = new List<string> { Wording.Of(watcher.State) };

        if (watcher.Pid is { } pid)
            parts.Add($"pid {pid}");

        if (watcher.Backend is { } backend)
            parts.Add($"{backend}, {Wording.Watched(watcher)}");

        if (watcher.MemoryBytes is { } memory)
            parts.Add(watcher.MemoryLimitBytes is { } limit ? $"{Wording.Size(memory)} of {Wording.Size(limit)}" : Wording.Size(memory));

        if (watcher.Restarts > 0)
            parts.Add(Wording.Count(watcher.Restarts, "restart") + (watcher.LastExit is { } exit ? $", last {Wording.Of(exit)}{(watcher.LastExitReason is { } why ? $" ({why})" : "")}" : ""));

        if (WatcherRemarks.Of(watcher.Pressure) is { } pressure)
            parts.Add(pressure);

        if (watcher.Degraded)
            parts.Add("degraded: polls, because it died too often");

        return string.Join(", ", parts);
    }

    /// <summary>Watch paths whose backend has a reason, or all of them if their backends differ.</summary>
    private static IEnumerable<string> Roots(StatusReport board)
    {
        var areAlike = board.Watcher.Roots.Select(root => root.Backend).Distinct(StringComparer.Ordinal).Count() <= 1;

        return board.Watcher.Roots
            .Where(root => !areAlike || root.Reason is not null)
            .Select(root => $"{Relative(root.Path, board)}: {root.Backend}" + (root.Reason is { } reason ? $", {reason}" : ""));
    }

    // Relative to the configuration's folder where possible, as the files of services are shown.
    private static string Relative(string path, StatusReport board) =>
        Path.GetDirectoryName(board.Tree.Config) is { } folder && path.StartsWith(folder + '/', StringComparison.Ordinal) ? path[(folder.Length + 1)..] : path;
}
