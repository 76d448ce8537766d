using System.Globalization;

namespace Supervisor.Supervision;

/// <summary>Sentences about the watcher and its caps, with the cap and its key in the configuration. Pure.</summary>
public static class WatcherCaps
{
    private const string MemoryKey = "watcher.limits.memory";

    /// <summary>Its garbage-collected heap alone may have this share of the cap; a watcher that runs out of it ends by itself.</summary>
    private const double HeapShare = 0.75;

    /// <param name="cpuPercent">Of one core.</param>
    /// <param name="cores">The CPU cap; null: there is none.</param>
    public static string Usage(long memoryBytes, long? memoryCap, double cpuPercent, double? cores)
    {
        var memory = memoryCap is { } cap ? string.Create(CultureInfo.InvariantCulture, $", {(double)memoryBytes / cap:0 %} of its cap of {Megabytes(cap)} ({MemoryKey})") : "";
        var cpu = cores is { } share ? string.Create(CultureInfo.InvariantCulture, $", {cpuPercent / 100 / share:0 %} of its cap (watcher.limits.cpu)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"it held {Megabytes(memoryBytes)} of memory{memory}, and worked {cpuPercent:0.#} % of a core{cpu}");
    }

    /// <summary>Why a watcher ended that nobody stopped; null: its memory cap has nothing to do with it.</summary>
    /// <param name="killedByKernel">Its cgroup counted a kill at the cap.</param>
    /// <param name="lastBytes">Its memory in the last sample.</param>
    public static string? EndAtMemoryCap(bool killedByKernel, long? lastBytes, long? memoryCap) => (killedByKernel, memoryCap) switch
    {
        (true, { } cap) => $"the kernel killed it at its memory cap of {Megabytes(cap)} ({MemoryKey})",
        (_, { } cap) when lastBytes >= HeapShare * cap => $"it held {Megabytes(lastBytes.Value)} of its memory cap of {Megabytes(cap)} ({MemoryKey}) just before",
        _ => null,
    };

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MB");
}
