namespace Supervisor.Parent.Supervision;

/// <summary>Every action that the machine can request. An action never blocks the loop, ends within its time and reports its outcome as an event.</summary>
internal abstract record Effect
{
    /// <summary>Starts a new run: deletes the snapshots of earlier watchers and records the baseline.</summary>
    internal sealed record BeginRun(WatchBaseline Baseline) : Effect;
    /// <summary>Children that are spawned later get this configuration.</summary>
    internal sealed record UsePlan(TreePlan Plan) : Effect;
    /// <summary>The configuration file was saved.</summary>
    internal sealed record ReadConfiguration : Effect;
    internal sealed record RecordApplied(long Ticket, WatchBaseline Applied) : Effect;
    /// <summary>Spawns it and completes the handshake within <paramref name="Within"/>.</summary>
    /// <param name="Standby">Beside the active watcher.</param>
    internal sealed record SpawnWatcher(long Epoch, WatchBaseline Baseline, bool Degraded, TimeSpan Within, bool Held = false, int GroupIndex = 0, bool Standby = false) : Effect;
    /// <summary>The standby becomes the active watcher.</summary>
    internal sealed record TakeOver(long Epoch, WatchBaseline Baseline) : Effect;
    /// <summary>Adds an entry to the ledger, nothing else.</summary>
    internal sealed record RecordWatcherEvent(long Epoch, int? Pid, string Event, string Cause, string Why) : Effect;
    /// <summary>Pings a watcher that is silent.</summary>
    internal sealed record PingWatcher(long Epoch) : Effect;
    internal sealed record TrimWatcher(long Epoch) : Effect;
    internal sealed record HoldWatcher(long Epoch, bool Held, TimeSpan Within) : Effect;
    /// <summary>Logs a hold that timed out although its holder still runs.</summary>
    internal sealed record LogOverdueHold(Hold Hold) : Effect;
    internal sealed record DrainWatcher(long Epoch, string Cause, string Why, TimeSpan Within) : Effect;
    /// <summary>Closes its link, so that it exits; kills it after <paramref name="Within"/>.</summary>
    internal sealed record StopWatcher(long Epoch, TimeSpan Within) : Effect;
    internal sealed record KillWatcher(long Epoch, string Cause, string Why) : Effect;
    /// <summary>Spawns it and completes the handshake within <paramref name="Within"/>.</summary>
    internal sealed record SpawnHost(string Service, long Run, TimeSpan Within) : Effect;
    internal sealed record DialHost(string Service, long Run, TimeSpan Within) : Effect;
    internal sealed record ResumeHost(string Service, long Run) : Effect;
    internal sealed record StartService(string Service, long Run, string Cause, TimeSpan Within) : Effect;
    /// <param name="Number">Distinguishes it from every other order.</param>
    internal sealed record RestartService(string Service, long Run, RequestedRestart.Waiting Order, long Number, TimeSpan Within) : Effect;
    internal sealed record StopService(string Service, long Run, bool Now, long Number, TimeSpan Within) : Effect;
    /// <summary>Stops the server and the host, which must exit within <paramref name="Within"/>.</summary>
    internal sealed record ShutDownHost(string Service, long Run, bool Now, TimeSpan Within) : Effect;
    /// <summary>Kills the host if it still runs, and everything it started, and removes its files.</summary>
    internal sealed record ClearHost(string Service, long Run, string Why) : Effect;
    internal sealed record SendChange(string Service, long Run, PendingChange Change, TimeSpan Within) : Effect;
}
