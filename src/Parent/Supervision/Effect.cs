namespace Supervisor.Parent.Supervision;

/// <summary>Everything the machine can want done. Whoever does it never blocks the loop, ends within its time, and reports by an event.</summary>
internal abstract record Effect
{
    /// <summary>Nothing of an earlier run goes on: what it left about watching is deleted, and the baseline is written down.</summary>
    internal sealed record BeginRun(WatchBaseline Baseline) : Effect;
    internal sealed record RecordApplied(long Ticket, WatchBaseline Applied) : Effect;
    /// <summary>Spawns, dials and greets it within <paramref name="Within"/>.</summary>
    /// <param name="Standby">Beside the one in charge.</param>
    internal sealed record SpawnWatcher(long Epoch, WatchBaseline Baseline, bool Degraded, TimeSpan Within, bool Held = false, int Berth = 0, bool Standby = false) : Effect;
    /// <summary>The standby is the watcher in charge from now on.</summary>
    internal sealed record TakeOver(long Epoch, WatchBaseline Baseline) : Effect;
    /// <summary>It goes into the ledger, and that is all.</summary>
    internal sealed record NoteWatcher(long Epoch, int? Pid, string Event, string Cause, string Why) : Effect;
    /// <summary>Silent for long: ping it, and wake it if somebody stopped it.</summary>
    internal sealed record NudgeWatcher(long Epoch) : Effect;
    internal sealed record TrimWatcher(long Epoch) : Effect;
    internal sealed record HoldWatcher(long Epoch, bool Held, TimeSpan Within) : Effect;
    /// <summary>It was released though its holder lives.</summary>
    internal sealed record TellOfOverdueHold(Hold Hold) : Effect;
    internal sealed record DrainWatcher(long Epoch, string Cause, string Why, TimeSpan Within) : Effect;
    /// <summary>Ends its link, upon which it exits; kills it after <paramref name="Within"/>.</summary>
    internal sealed record StopWatcher(long Epoch, TimeSpan Within) : Effect;
    internal sealed record KillWatcher(long Epoch, string Cause, string Why) : Effect;
    /// <summary>Spawns, dials and greets it within <paramref name="Within"/>.</summary>
    internal sealed record SpawnHost(string Service, long Run, TimeSpan Within) : Effect;
    internal sealed record DialHost(string Service, long Run, TimeSpan Within) : Effect;
    internal sealed record NudgeHost(string Service, long Run) : Effect;
    internal sealed record StartService(string Service, long Run, string Cause, TimeSpan Within) : Effect;
    internal sealed record StopService(string Service, long Run, bool Now, TimeSpan Within) : Effect;
    /// <summary>Stops the server and the host; its exit is awaited within <paramref name="Within"/>.</summary>
    internal sealed record ShutDownHost(string Service, long Run, bool Now, TimeSpan Within) : Effect;
    /// <summary>Kills the host if it lives, and everything it started, and removes what it left.</summary>
    internal sealed record ClearHost(string Service, long Run, string Why) : Effect;
    internal sealed record SendChange(string Service, long Run, Share Share, TimeSpan Within) : Effect;
}
