using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>Records what changed on each board: parent, watcher and services. Not thread-safe: the feed of boards owns it.</summary>
internal sealed class BoardObserver(IRecord record)
{
    private readonly Dictionary<string, ProcessRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunEvent> _recorded = new(StringComparer.Ordinal);

    private sealed record ProcessRun(int Pid, long StartTicks, TimeSpan StartedAt);

    public void Observe(StatusReport board)
    {
        var clock = RunClock.Read(record);

        if (StartOf("parent", board.Tree.ParentPid, clock) is { } parentStart)
            AppendIfNew("parent", new ParentSeen(clock.Now, board.Tree.ParentPid, parentStart));

        var watcher = board.Watcher;
        AppendIfNew("watcher", new WatcherSeen(
            clock.Now, watcher.State, watcher.Pid, StartOf("watcher", watcher.Pid, clock), watcher.Epoch, watcher.Backend, watcher.Degraded,
            watcher.Restarts, watcher.LastExit));

        foreach (var service in board.Services)
        {
            var key = $"service {service.Name}";
            AppendIfNew(key, new ServiceSeen(
                clock.Now, service.Name, service.State, service.Stale, service.Pid, StartOf(key, service.Pid, clock), service.HostPid, service.Generation,
                service.Reason) { IsReady = service.ReadyAt is not null });
        }
    }

    /// <summary>Converted once per process: two readings of the clocks differ by microseconds, which would look like a change each time.</summary>
    private TimeSpan? StartOf(string key, int? pid, RunClock clock)
    {
        if (pid is not { } number)
            return null;

        var known = _runs.GetValueOrDefault(key) is { } run && run.Pid == number ? run : null;
        if (ProcStat.TryRead(number) is not { } stat)
            return known?.StartedAt; // It has ended; its start is known only if an earlier board was read in time.
        if (known?.StartTicks == stat.StartTicks)
            return known.StartedAt;

        var startedAt = clock.FromStartTicks(stat.StartTicks);
        _runs[key] = new ProcessRun(number, stat.StartTicks, startedAt);
        return startedAt;
    }

    private void AppendIfNew(string key, RunEvent seen)
    {
        var timeless = seen with { At = TimeSpan.Zero };
        if (timeless.Equals(_recorded.GetValueOrDefault(key)))
            return;

        _recorded[key] = timeless;
        record.Append(seen);
    }
}
