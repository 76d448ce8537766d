using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>One thing that a process holds, and how much more of it is no leak.</summary>
/// <param name="Settling">What it may still come to by after its first minute, once: a heap finds its size, a pool of threads
/// its number.</param>
/// <param name="PerHour">What is too slow to matter: beneath the noise of a night.</param>
/// <param name="Unit">In which it is judged and shown.</param>
internal sealed record Metric(string Name, string Unit, double Settling, double PerHour, Func<ProcessSampled, double?> Of)
{
    /// <summary>
    /// Memory: 1 MB is what a collected heap of some 10 MB still moves by once the first minute's code is compiled; 2 MB an
    /// hour is found in an hour, a quarter of a megabyte an hour in a night.
    /// Descriptors and threads: four come and go with commands and pool; one in two hours is nobody's habit.
    /// </summary>
    public static readonly IReadOnlyList<Metric> All =
    [
        new("RSS", "MB", Settling: 1, PerHour: 0.1, sample => sample.ResidentBytes / VerdictFormat.BytesPerMegabyte),
        new("PSS", "MB", Settling: 1, PerHour: 0.1, sample => sample.ProportionalBytes / VerdictFormat.BytesPerMegabyte),
        new("descriptors", "descriptors", Settling: 4, PerHour: 0.5, sample => sample.Descriptors),
        new("threads", "threads", Settling: 4, PerHour: 0.5, sample => sample.Threads),
    ];

    /// <summary>Counts are exact: a short life says something about them. About memory it says how a runtime warms up.</summary>
    public bool IsCount => Unit != "MB";

    /// <summary>The growth per hour that is allowed to a series of this length.</summary>
    public double Allowed(TimeSpan length) => PerHour + (Settling / length.TotalHours);
}
