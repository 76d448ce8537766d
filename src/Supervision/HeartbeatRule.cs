namespace Supervisor.Supervision;

/// <summary>What a child's silence means.</summary>
public enum HeartbeatVerdict
{
    Alive,

    /// <summary>Investigate: ping it, look at /proc, continue it if it is stopped.</summary>
    Suspect,

    /// <summary>Kill it and record the evidence.</summary>
    Hung,
}

/// <summary>
/// Judges a child by its last heartbeat. If the check itself is late, because the checker was stopped or the machine slept, the child is not to blame.
/// Constants: design, section 8; faults 3.6. Pure; an immutable value, owned by the receiver of the heartbeats.
/// </summary>
/// <param name="Since">The last heartbeat, or the last reset; on a monotonic clock.</param>
/// <param name="CheckedAt">The time of the last check.</param>
/// <param name="Connecting">No heartbeat has arrived yet.</param>
public sealed record HeartbeatRule(TimeSpan Since, TimeSpan CheckedAt, bool Connecting)
{
    /// <summary>How often a child's work loop sends a heartbeat.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(20);

    /// <summary>How often to check.</summary>
    public static readonly TimeSpan CheckInterval = Interval;

    /// <summary>A check that is later than this was delayed on our side, so it proves nothing about the child.</summary>
    public static readonly TimeSpan MaxCheckDelay = TimeSpan.FromSeconds(2);

    public static HeartbeatRule Started(TimeSpan now) => new(now, now, Connecting: true);

    public HeartbeatRule Beat(TimeSpan now) => new(now, now > CheckedAt ? CheckedAt : now, Connecting: false);

    /// <summary>The machine has slept, or the clock that includes sleep has jumped: restarts all timeouts.</summary>
    public HeartbeatRule Resumed(TimeSpan now) => this with { Since = now, CheckedAt = now };

    /// <summary>The verdict, and the rule for the next check. A late check restarts all timeouts.</summary>
    public (HeartbeatVerdict Verdict, HeartbeatRule Next) Check(TimeSpan now)
    {
        if (now - CheckedAt > CheckInterval + MaxCheckDelay)
            return (HeartbeatVerdict.Alive, Resumed(now));

        var silence = now - Since;
        var verdict = Connecting
            ? silence >= ConnectWithin ? HeartbeatVerdict.Hung : HeartbeatVerdict.Alive
            : silence >= HungAfter ? HeartbeatVerdict.Hung
            : silence >= SuspectAfter ? HeartbeatVerdict.Suspect
            : HeartbeatVerdict.Alive;
        return (verdict, this with { CheckedAt = now });
    }
}
