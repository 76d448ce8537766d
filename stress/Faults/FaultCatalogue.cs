using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Every fault that a scenario can name.</summary>
internal static class FaultCatalogue
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new WatcherDeath("watcher-kill", "SIGKILLs the watcher: replaced at once, and no saved change is lost.", command: null, "KILL"),
        new WatcherDeath("watcher-abort", "Makes the watcher call abort(): replaced, and no saved change is lost.", "abort", "ABRT"),
        new WatcherDeath("watcher-segfault", "Makes the watcher write through an invalid pointer: replaced, and no saved change is lost.", "segv", "SEGV"),
        new WatcherDeath(
            "watcher-double-free", "Frees native memory of the watcher twice until its allocator aborts: replaced.", "double-free", signal: null),
        new WatcherDeath(
            "watcher-use-after-free", "Writes into freed native memory of the watcher until its allocator aborts: replaced.",
            "use-after-free", signal: null),
        new WatcherHang(),
        new Pause(
            "watcher-pause", "Stops the watcher for 3 s (SIGSTOP): it is not replaced, and changes saved meanwhile are served.",
            FaultTarget.Watcher, TimeSpan.FromSeconds(3)),
        new WatcherLeak(),
        new WatcherSpin(),
        new QueueOverflow(),
        new ServerDeath("server-kill", "SIGKILLs a dev server: it restarts after its backoff, and no other server is affected.", faultPath: null),
        new ServerDeath(
            "server-exit", "Makes a dev server exit with 3: it restarts after its backoff, and no other server is affected.", "fault/exit?code=3"),
        new Pause(
            "server-hang", "Stops a dev server for 4 s (SIGSTOP): its requests wait, and it is not restarted.",
            FaultTarget.Server, TimeSpan.FromSeconds(4)),
        new ServerLeak(),
        new ServerFork(),
        new HostKill(),
        new ParentKill(),
    ];
}
