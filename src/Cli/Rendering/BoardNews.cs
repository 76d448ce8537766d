using Supervisor.Wire.Contracts;

namespace Supervisor.Cli.Rendering;

/// <summary>What a person watching wants to be told when one board follows another. Pure.</summary>
internal static class BoardNews
{
    /// <param name="About">A service's name, or <c>watcher</c>.</param>
    internal sealed record Item(string About, string Text, Tone Tone);

    internal enum Tone
    {
        Plain,
        Good,
        Warning,
        Bad,
    }

    public static IReadOnlyList<Item> Between(StatusReport before, StatusReport after)
    {
        var earlier = before.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);

        return
        [
            .. Watcher(before.Watcher, after.Watcher),
            .. after.Services.SelectMany(now => Service(earlier.GetValueOrDefault(now.Name), now)),
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
        if (after.LastExit is { } exit && exit != before.LastExit)
            yield return new("watcher", $"the watcher died ({Wording.Of(exit)}); the servers go on, changes made meanwhile are not lost", Tone.Warning);

        if (after.State == WatcherPhase.Watching && before.State != WatcherPhase.Watching)
            yield return new("watcher", $"watching {after.Directories} folders, {after.Files} files{Degraded(after)}", Tone.Plain);
    }

    private static string Degraded(WatcherStatus watcher) => watcher.Degraded ? " (degraded: by polling, after too many deaths)" : "";

    private static IEnumerable<Item> Service(ServiceStatus? before, ServiceStatus now)
    {
        if (now.Stale && before is not { Stale: true })
            yield return new(now.Name, $"stale: the change was refused, the old server goes on{Because(now)}", Tone.Warning);

        if (before?.State == now.State && before.Generation == now.Generation)
            yield break;

        if (Arrival(before, now) is { } item)
            yield return item;
    }

    private static Item? Arrival(ServiceStatus? before, ServiceStatus now) => now.State switch
    {
        ServicePhase.Ready => new(now.Name, $"ready{Pid(now)}{Took(before, now)}", Tone.Good),
        ServicePhase.Running => new(now.Name, $"running{Pid(now)}", Tone.Good),
        ServicePhase.Blocked => new(now.Name, $"blocked{Because(now)}", Tone.Bad),
        ServicePhase.CrashLoop => new(now.Name, $"crash loop: stays down{Because(now)}", Tone.Bad),
        ServicePhase.Backoff => new(now.Name, $"down{Ended(now)}, will be started again{Because(now)}", Tone.Warning),
        ServicePhase.Completed => new(now.Name, "completed", Tone.Good),
        ServicePhase.Draining when now.LastChange is { Cause: "files", Files.Count: > 0 } change && change != before?.LastChange =>
            new(now.Name, $"reloading: {Wording.Few(change.Files)}", Tone.Plain),
        ServicePhase.Pending => new(now.Name, $"pending{Because(now)}", Tone.Plain),
        ServicePhase.Stopped when before is not null => new(now.Name, "stopped", Tone.Plain),
        _ => null,
    };

    private static string Pid(ServiceStatus service) => service.Pid is { } pid ? $" (pid {pid})" : "";

    private static string Because(ServiceStatus service) => service.Reason is { Length: > 0 } reason ? $": {reason}" : "";

    private static string Ended(ServiceStatus service) => service.LastExit is { } exit ? $" ({Wording.Of(exit)})" : "";

    private static string Took(ServiceStatus? before, ServiceStatus now) =>
        before?.Generation != now.Generation && now is { ReadyAt: { } ready, StartedAt: { } started } && ready >= started
            ? $" after {Wording.Span(ready - started)}"
            : "";
}
