
namespace Supervisor.Cli.Rendering;

/// <summary>
/// What to report to a user when one board follows another. A host reports its service's changes in the output (started, ready, reloaded, refused,
/// failed); this covers what no host reports. Pure.
/// </summary>
internal static class BoardChanges
{
    public static IReadOnlyList<Notice> Between(StatusReport before, StatusReport after)
    {
        var earlier = before.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);

        return
        [
            .. Configuration(before.Tree, after.Tree),
            .. Watcher(before.Watcher, after.Watcher),
            .. after.Services.Select(now => Service(earlier.GetValueOrDefault(now.Name), now)).OfType<Notice>(),
        ];
    }

    /// <summary>The services that still run while the tree stops.</summary>
    public static string? StillWaitingFor(StatusReport board)
    {
        var names = board.Services
            .Where(s => s.Pid is not null || s.State is ServicePhase.Draining)
            .Select(s => s.Pid is { } pid ? $"{s.Name} (pid {pid})" : s.Name)
            .ToArray();

        return names.Length == 0 ? null : "waiting for " + string.Join(", ", names);
    }

    private static IEnumerable<Notice> Configuration(TreeStatus before, TreeStatus after)
    {
        if (after.Change is { } change && DifferenceText.Of(change, after.Config) is var text && (before.Change is null || text != DifferenceText.Of(before.Change, after.Config)))
            yield return new("supervisor", text, change.Difference is null ? Tone.Bad : Tone.Warning);
    }

    private static IEnumerable<Notice> Watcher(WatcherStatus before, WatcherStatus after)
    {
        // A watcher that was stopped or replaced as planned ends with one of these codes.
        if (after.LastExit is { Code: not ((int)ExitCode.Ok or (int)ExitCode.TemporaryFailure) } exit && exit != before.LastExit)
            yield return new("watcher", $"the watcher died ({Wording.Of(exit)}{(after.LastExitReason is { } why ? $": {why}" : "")}); the servers keep running and no change is lost", Tone.Warning);

        if (after.State == WatcherPhase.Watching && before.State != WatcherPhase.Watching)
            yield return new("watcher", $"watching {Wording.Watched(after)}{Degraded(after)}", Tone.Plain);

        foreach (var hold in after.Holds.Except(before.Holds))
            yield return new("watcher", $"changes are held by {hold.Name} ({hold.Holder})", Tone.Plain);

        foreach (var hold in before.Holds.Except(after.Holds))
            yield return new("watcher", $"changes are no longer held by {hold.Name} ({hold.Holder})", Tone.Plain);
    }

    private static string Degraded(WatcherStatus watcher) => watcher.Degraded ? " (degraded: polls, because it died too often)" : "";

    private static Notice? Service(ServiceStatus? before, ServiceStatus now) => now.State switch
    {
        _ when before?.State == now.State && before.Reason == now.Reason => null,
        ServicePhase.Backoff when now.HostPid is null => new(now.Name, $"down{Because(now)}", Tone.Warning),
        ServicePhase.Blocked or ServicePhase.CrashLoop or ServicePhase.Failed when now.HostPid is null =>
            new(now.Name, $"{Wording.Of(now.State)}{Because(now)}", Tone.Bad),
        _ => null,
    };

    private static string Because(ServiceStatus service) => service.Reason is { Length: > 0 } reason ? $": {reason}" : "";
}
