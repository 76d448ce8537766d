namespace Supervisor.Stress.Invariants;

/// <summary>
/// What the product promises, written down again by hand from its design (section 8): whoever judges it by its own library
/// finds it right whatever it does. The project of a run configures none of these otherwise.
/// </summary>
internal static class ProductSpec
{
    /// <summary>Of one core.</summary>
    public const double WatcherCpu = 0.5;

    /// <summary>By which a delay may fall short or go beyond.</summary>
    public const double Jitter = 0.25;

    /// <summary>A process that was up (a server: ready) for so long starts its backoff anew.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ServiceBackoffCap = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan WatcherBackoffCap = TimeSpan.FromSeconds(10);

    /// <summary>SIGTERM, and so long until the kill.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>Without a heartbeat for so long, it is replaced.</summary>
    public static readonly TimeSpan Hung = TimeSpan.FromSeconds(10);

    /// <summary>A service whose own files change right after each start is reloaded this seldom at worst.</summary>
    public static readonly TimeSpan ReloadPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ServiceBackoffFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WatcherBackoffFirst = TimeSpan.FromMilliseconds(100);

    /// <param name="failures">In a row, the newest included.</param>
    public static TimeSpan ServiceBackoff(int failures) => Doubled(ServiceBackoffFirst, failures - 1, ServiceBackoffCap);

    /// <summary>The first restart is immediate.</summary>
    public static TimeSpan WatcherBackoff(int failures) =>
        failures <= 1 ? TimeSpan.Zero : Doubled(WatcherBackoffFirst, failures - 2, WatcherBackoffCap);

    /// <summary>Whether so many failures, the newest at the end, are a reason to give a service up.</summary>
    public static bool IsCrashLoop(IReadOnlyList<DateTimeOffset> failures, TimeSpan tolerance) =>
        Within(failures, TimeSpan.FromSeconds(60) + tolerance) >= 5 || Within(failures, TimeSpan.FromMinutes(10) + tolerance) >= 10;

    private static int Within(IReadOnlyList<DateTimeOffset> failures, TimeSpan window) => failures.Count(at => failures[^1] - at < window);

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan cap) =>
        first * Math.Min(cap / first, Math.Pow(2, Math.Max(0, times)));
}
