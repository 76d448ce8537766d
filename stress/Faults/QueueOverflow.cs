using System.Diagnostics;
using System.Globalization;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>
/// Overflows the kernel's queue of file events for real: while the watcher is stopped, it creates more events than the queue holds, in a watched folder, for
/// files that are not sources. The watcher must read the tree again, and no service may reload.
/// </summary>
internal sealed class QueueOverflow : IFault
{
    private const string LimitFile = "/proc/sys/fs/inotify/max_queued_events";

    /// <summary>Less than the silence after which the watcher is suspect.</summary>
    private static readonly TimeSpan FillTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromSeconds(10);

    public string Name => "queue-overflow";

    public string Summary => "More file events than the kernel queues for the watcher: it reads the tree again, and no service reloads needlessly.";

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => File.Exists(LimitFile) ? null : $"inotify ({LimitFile})";

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (await injection.FindWatcherAsync(stopping) is not { } watcher)
            return;

        if (context.Tree.Board?.Watcher is { Degraded: true })
        {
            injection.Skip("the watcher is polling: the kernel queues no events for it");
            return;
        }

        ProjectService[] busy = [.. context.Project.Busy];
        var limit = int.Parse(await File.ReadAllTextAsync(LimitFile, stopping), CultureInfo.InvariantCulture);
        injection.Began(watcher);
        var recovering = WaitForRecoveryAsync(context, stopping);
        int events;
        try
        {
            watcher.TrySignal("STOP");
            events = await Task.Run(() => Fill(busy[context.Random.Next(busy.Length)].Folder, limit), stopping);
        }
        finally
        {
            watcher.TrySignal("CONT");
        }

        var recovered = await recovering ? "it lost track and reads the tree again" : "no board showed it recovering";
        injection.Ended(
            !watcher.IsAlive, $"{events:N0} events for a queue of {limit:N0}: {(events > limit ? recovered : "too few, the disk was too slow")}");
    }

    /// <summary>At least twice as many events as the queue holds: the kernel merges only equal neighbours, and no two of these are equal.</summary>
    private static int Fill(string folder, int limit)
    {
        var began = Stopwatch.GetTimestamp();
        var events = 0;
        for (var i = 0; events <= 2 * limit && Stopwatch.GetElapsedTime(began) < FillTimeout; i++)
        {
            var path = Path.Combine(folder, $"overflow-{i}.tmp");
            File.WriteAllBytes(path, []);
            File.Delete(path);
            events += 2;
        }

        return events;
    }

    private static async Task<bool> WaitForRecoveryAsync(FaultContext context, CancellationToken stopping)
    {
        try
        {
            await context.Tree.WaitForAsync(
                board => board.Watcher.State == WatcherPhase.Recovering, "the watcher reads the tree again", FillTimeout + RecoveryTimeout, stopping);
            return true;
        }
        catch (TimeoutException)
        {
            return false; // It may have recovered between two heartbeats, which the board shows.
        }
    }
}
