namespace Supervisor.Wire;

/// <summary>
/// The moments at which our processes do what they do again and again: at the multiples of its period. All processes have the same monotonic clock, so a
/// process wakes once for all that is due, and a parent once for the heartbeats of all its children.
/// </summary>
public static class CommonMoments
{
    /// <summary>A timer may fire this much early: its moment counts as served.</summary>
    public static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>More than nothing, at most the period and <see cref="TimerTolerance"/>.</summary>
    /// <param name="period">Longer than <see cref="TimerTolerance"/>.</param>
    public static TimeSpan UntilNext(TimeSpan period, TimeProvider time)
    {
        var left = period - TimeSpan.FromTicks(time.GetElapsedTime(0).Ticks % period.Ticks);
        return left < TimerTolerance ? left + period : left;
    }
}
