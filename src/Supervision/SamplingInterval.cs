namespace Supervisor.Supervision;

/// <summary>
/// The interval until the next memory sample of a process: where no kernel enforces its cap, the nearer to it, the shorter. A leak of up to <see
/// cref="MaxLeakRate"/> is seen within <see cref="Min"/> of reaching the cap. Pure.
/// </summary>
public static class SamplingInterval
{
    /// <summary>Far from the cap: when a process that is idle wakes anyway.</summary>
    public static readonly TimeSpan Max = HeartbeatRule.Interval;

    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes per second.</summary>
    public const long MaxLeakRate = 100_000_000;

    /// <param name="capBytes">null: there is none, or the kernel enforces it.</param>
    public static TimeSpan Next(long residentBytes, long? capBytes)
    {
        if (capBytes is not { } cap)
            return Max;

        var toTheCap = TimeSpan.FromSeconds((double)(cap - residentBytes) / MaxLeakRate);
        return toTheCap < Min ? Min : toTheCap > Max ? Max : toTheCap;
    }
}
