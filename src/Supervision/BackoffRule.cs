namespace Supervisor.Supervision;

/// <summary>
/// The delay before a recovery: doubles from <paramref name="Initial"/> up to <paramref name="Max"/>, with jitter, so that processes that died of one
/// cause do not all restart at once. Pure. Constants: design, section 8; faults 3.2.
/// </summary>
/// <param name="Jitter">The share by which a delay may be shorter or longer.</param>
public sealed record BackoffRule(TimeSpan Initial, TimeSpan Max, double Jitter = BackoffRule.DefaultJitter)
{
    public const double DefaultJitter = 0.25;

    /// <summary>The default for a server.</summary>
    public static readonly BackoffRule Default = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>The delay, counted from the exit.</summary>
    /// <param name="consecutiveFailures">1 for the first failure; 0 gives no delay.</param>
    /// <param name="random01">In [0, 1).</param>
    public TimeSpan DelayAfter(int consecutiveFailures, double random01)
    {
        if (consecutiveFailures <= 0)
            return TimeSpan.Zero;

        var raw = Math.Min(Max.TotalMilliseconds, Initial.TotalMilliseconds * Math.Pow(2, consecutiveFailures - 1));
        var spread = raw * (1 + Jitter * (2 * random01 - 1));
        return TimeSpan.FromMilliseconds(Math.Clamp(spread, Math.Min(raw, Initial.TotalMilliseconds / 2), Max.TotalMilliseconds * (1 + Jitter)));
    }
}
