namespace Supervisor.Supervision;

/// <summary>
/// How soon the memory of a process that no kernel caps is looked at again: the nearer it is to its cap, the sooner. A leak of up to
/// <see cref="FastestLeak"/> is then seen within <see cref="Fastest"/> of reaching the cap. Pure.
/// </summary>
public static class SamplingPace
{
    /// <summary>Far from the cap. A look costs some 20 microseconds.</summary>
    public static readonly TimeSpan Slowest = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes a second.</summary>
    public const long FastestLeak = 100_000_000;

    /// <param name="capBytes">null: there is none to reach.</param>
    public static TimeSpan Next(long residentBytes, long? capBytes)
    {
        if (capBytes is not { } cap)
            return Slowest;

        var toTheCap = TimeSpan.FromSeconds((double)(cap - residentBytes) / FastestLeak);
        return toTheCap < Fastest ? Fastest : toTheCap > Slowest ? Slowest : toTheCap;
    }
}
