namespace Supervisor.Host.Probing;

/// <summary>The intervals of a readiness probe: short at first, one second in the long run. Pure. Constants: design.</summary>
internal static class ProbeInterval
{
    public static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of one attempt.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    public static TimeSpan Next(TimeSpan pause) => pause * 2 < Max ? pause * 2 : Max;
}
