namespace Supervisor.Supervision;

/// <summary>What the silence of a child means.</summary>
public enum HeartbeatVerdict
{
    Alive,

    /// <summary>Look closer: ping it, look at /proc, continue it if it is stopped.</summary>
    Suspect,

    /// <summary>Kill it, with evidence.</summary>
    Hung,
}

/// <summary>
/// Judges a child by its last sign of life. Whoever looks late, because it was stopped or the machine slept, must not blame the child: it
/// was asleep too. Constants: design, section 8; faults 3.6. Pure; an immutable value, owned by whoever listens.
/// </summary>
/// <param name="Since">The last sign of life, or the last reason to be patient; a monotonic clock.</param>
/// <param name="LookedAt">When the verdict was last asked for.</param>
/// <param name="Connecting">It has not said anything yet.</param>
public sealed record HeartbeatRule(TimeSpan Since, TimeSpan LookedAt, bool Connecting)
{
    /// <summary>How often a child gives a sign of life, from its work loop.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(20);

    /// <summary>How often the verdict is to be asked for.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A look that comes this much later than due says more about us than about the child.</summary>
    public static readonly TimeSpan OwnLateness = TimeSpan.FromSeconds(2);

    public static HeartbeatRule Started(TimeSpan now) => new(now, now, Connecting: true);

    public HeartbeatRule Beat(TimeSpan now) => new(now, now > LookedAt ? LookedAt : now, Connecting: false);

    /// <summary>The machine has slept, or the clock that goes on in sleep has run ahead: everybody starts anew.</summary>
    public HeartbeatRule Resumed(TimeSpan now) => this with { Since = now, LookedAt = now };

    /// <summary>The verdict, and the rule to ask next time. A late look gives everybody the whole time again.</summary>
    public (HeartbeatVerdict Verdict, HeartbeatRule Next) Look(TimeSpan now)
    {
        if (now - LookedAt > LookEvery + OwnLateness)
            return (HeartbeatVerdict.Alive, Resumed(now));

        var silence = now - Since;
        var verdict = Connecting
            ? silence >= ConnectWithin ? HeartbeatVerdict.Hung : HeartbeatVerdict.Alive
            : silence >= HungAfter ? HeartbeatVerdict.Hung
            : silence >= SuspectAfter ? HeartbeatVerdict.Suspect
            : HeartbeatVerdict.Alive;
        return (verdict, this with { LookedAt = now });
    }
}
