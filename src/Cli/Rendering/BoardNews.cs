
namespace Supervisor.Cli.Rendering;

/// <summary>
/// What a person watching wants to be told when one board follows another. A host tells its own story in the service's output (started,
/// ready, reloaded, refused, failed); here is what no host is there to tell. Pure.
/// </summary>
internal static class BoardNews
{
    /// <param name="About">A service's name, or <c>watcher</c>.</param>
    internal sealed record Item(string About, string Text, Tone Tone);

    internal enum Tone
    {
        Plain,
        Warning,
        Bad,
    }

    public static IReadOnlyList<Item> Between(StatusReport before, StatusReport after)
    {
        var earlier = before.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);

        return
        [
            .. Watcher(before.Watcher, after.Watcher),
            .. after.Services.Select(now => Service(earlier.GetValueOrDefault(now.Name), now)).OfType<Item>(),
        ];
    }

    /// <summary>Who still has to end, in a tree that is being stopped.</summary>
    public static string? StillWaitingFor(StatusReport board)
    {
        var names = board.Services
            .Where(s => s.Pid is not null || s.State is ServicePhase.Draining)
            .Select(s => s.Pid is { } pid ? $"{s.Name} (pid {pid})" : s.Name)
            .ToArray();

        return names.Length == 0 ? null : "waiting for " + string.Join(", ", names);
    }

    private static IEnumerable<Item> Watcher(WatcherStatus before, WatcherStatus after)
    {
        // One that was stopped, or replaced in order, ends with one of the two.
        if (after.LastExit is { Code: not ((int)ExitCode.Ok or (int)ExitCode.TemporaryFailure) } exit && exit != before.LastExit)
            yield return new("watcher", $"the watcher died ({Wording.Of(exit)}); the servers go on, changes made meanwhile are not lost", Tone.Warning);

        if (after.State == WatcherPhase.Watching && before.State != WatcherPhase.Watching)
            yield return new("watcher", $"watching {Wording.Watched(after)}{Degraded(after)}", Tone.Plain);

        foreach (var hold in after.Holds.Except(before.Holds))
            yield return new("watcher", $"changes are held by {hold.Name} ({hold.Holder})", Tone.Plain);

        foreach (var hold in before.Holds.Except(after.Holds))
            yield return new("watcher", $"{hold.Name} ({hold.Holder}) holds changes no more", Tone.Plain);
    }

    private static string Degraded(WatcherStatus watcher) => watcher.Degraded ? " (degraded: by polling, after too many deaths)" : "";

    private static Item? Service(ServiceStatus? before, ServiceStatus now) => now.State switch
    {
        _ when before?.State == now.State && before.Reason == now.Reason => null,
        ServicePhase.Pending when now.Reason is { Length: > 0 } reason => new(now.Name, $"pending: {reason}", Tone.Plain),
        ServicePhase.Backoff when now.HostPid is null => new(now.Name, $"down{Because(now)}", Tone.Warning),
        ServicePhase.Blocked or ServicePhase.CrashLoop when now.HostPid is null =>
            new(now.Name, $"{Wording.Of(now.State)}{Because(now)}", Tone.Bad),
        _ => null,
    };

    private static string Because(ServiceStatus service) => service.Reason is { Length: > 0 } reason ? $": {reason}" : "";
}
