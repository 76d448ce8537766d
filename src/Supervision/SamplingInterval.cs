namespace Supervisor.Supervision;

/// <summary>
/// The interval until the next memory sample of a process that no kernel caps: the nearer to its cap, the shorter. A leak of up to <see
/// cref="MaxLeakRate"/> is seen within <see cref="Min"/> of reaching the cap. Pure.
/// </summary>
public static class SamplingInterval
{
    /// <summary>Far from the cap. A sample costs some 20 microseconds.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes per second.</summary>
    public const long MaxLeakRate = 100_000_000;

    /// <param name="capBytes">null: there is no cap.</param>
    public static TimeSpan Next(long residentBytes, long? capBytes)
    {
        if (capBytes is not { } cap)
            return Max;

        var toTheCap = TimeSpan.FromSeconds((double)(cap - residentBytes) / MaxLeakRate);
        return toTheCap < Min ? Min : toTheCap > Max ? Max : toTheCap;
    }
}
