using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>One resource of a process, and how much growth is not a leak.</summary>
/// <param name="Settling">Growth allowed once after the first minute: a heap reaches its size, a thread pool its number.</param>
/// <param name="PerHour">Growth per hour that is too slow to matter: below the noise of a night.</param>
/// <param name="Unit">The unit in which it is checked and shown.</param>
internal sealed record Metric(string Name, string Unit, double Settling, double PerHour, Func<ProcessSampled, double?> Of)
{
    /// <summary>
    /// Memory: a collected heap of some 10 MB still varies by 1 MB once the first minute's code is compiled; 2 MB an hour is found in an hour, a quarter of a
    /// megabyte an hour in a night.
    /// Descriptors and threads: four vary with commands and pool; one in two hours is not normal variation.
    /// </summary>
    public static readonly IReadOnlyList<Metric> All =
    [
        new("RSS", "MB", Settling: 1, PerHour: 0.1, sample => sample.ResidentBytes / VerdictFormat.BytesPerMegabyte),
        new("PSS", "MB", Settling: 1, PerHour: 0.1, sample => sample.ProportionalBytes / VerdictFormat.BytesPerMegabyte),
        new("descriptors", "descriptors", Settling: 4, PerHour: 0.5, sample => sample.Descriptors),
        new("threads", "threads", Settling: 4, PerHour: 0.5, sample => sample.Threads),
    ];

    /// <summary>Counts are exact, so a short lifetime says something about them. For memory it only shows how a runtime warms up.</summary>
    public bool IsCount => Unit != "MB";

    /// <summary>The growth per hour that is allowed for a series of this length.</summary>
    public double Allowed(TimeSpan length) => PerHour + (Settling / length.TotalHours);
}
