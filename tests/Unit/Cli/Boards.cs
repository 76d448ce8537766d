using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>Sample boards.</summary>
internal static class Boards
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly WatcherStatus Watching = new(
        WatcherPhase.Watching, Pid: 2, Epoch: 3, "inotify", Restarts: 0, Degraded: false, Directories: 12, Files: 90, QueueDepth: 0,
        MemoryBytes: 9L << 20, MemoryLimitBytes: 128L << 20, CpuPercent: 0.1, LastExit: null,
        WatcherPressure.None, Roots: [], ResyncCounts.None, Holds: []);

    public static ServiceStatus Service(string name, ServicePhase state, int? pid = null) => new(
        name, state, Stale: false, pid, HostPid: 3, Generation: 1, Reloads: 0, Restarts: 0, StartedAt: pid is null ? null : Noon, ReadyAt: null,
        Ports: [], MemoryBytes: null, CpuPercent: null, LastExit: null, LastChange: null, Reason: null);

    public static StatusReport Of(params ServiceStatus[] services) => Of(Watching, services);

    public static StatusReport Of(WatcherStatus watcher, params ServiceStatus[] services) =>
        new(new TreeStatus("/project/supervisor.json", ParentPid: 1, Noon, "0.1.0", Revision: 42), watcher, services);

    public static Screen Screen(out StringWriter output, out StringWriter errors)
    {
        output = new StringWriter();
        errors = new StringWriter();
        return new Screen(output, errors, Coloured: false, IsTerminal: false, Width: int.MaxValue);
    }
}
