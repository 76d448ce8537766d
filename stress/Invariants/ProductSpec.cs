namespace Supervisor.Stress.Invariants;

/// <summary>
/// The limits and delays that the product promises, copied by hand from its design (section 8): a check that used the product's own library could not find an
/// error in it. The project of a run leaves all of these at their defaults.
/// </summary>
internal static class ProductSpec
{
    /// <summary>As a share of one core.</summary>
    public const double WatcherCpu = 0.5;

    /// <summary>The share by which a delay may be shorter or longer.</summary>
    public const double Jitter = 0.25;

    /// <summary>A process that was up (a server: ready) for this long resets its backoff.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ServiceBackoffCap = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan WatcherBackoffCap = TimeSpan.FromSeconds(10);

    /// <summary>Time from SIGTERM to the kill.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>A watcher without a heartbeat for this long is replaced.</summary>
    public static readonly TimeSpan Hung = TimeSpan.FromSeconds(10);

    /// <summary>The shortest period between reloads of a service whose own files change right after each start.</summary>
    public static readonly TimeSpan ReloadPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ServiceBackoffFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WatcherBackoffFirst = TimeSpan.FromMilliseconds(100);

    /// <param name="failures">Failures in a row, including the newest.</param>
    public static TimeSpan ServiceBackoff(int failures) => Doubled(ServiceBackoffFirst, failures - 1, ServiceBackoffCap);

    /// <summary>The first restart is immediate.</summary>
    public static TimeSpan WatcherBackoff(int failures) =>
        failures <= 1 ? TimeSpan.Zero : Doubled(WatcherBackoffFirst, failures - 2, WatcherBackoffCap);

    /// <summary>Whether these failures, the newest at the end, are enough to give a service up.</summary>
    public static bool IsCrashLoop(IReadOnlyList<DateTimeOffset> failures, TimeSpan tolerance) =>
        Within(failures, TimeSpan.FromSeconds(60) + tolerance) >= 5 || Within(failures, TimeSpan.FromMinutes(10) + tolerance) >= 10;

    private static int Within(IReadOnlyList<DateTimeOffset> failures, TimeSpan window) => failures.Count(at => failures[^1] - at < window);

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan cap) =>
        first * Math.Min(cap / first, Math.Pow(2, Math.Max(0, times)));
}
