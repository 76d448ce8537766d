
namespace Supervisor.Cli.Rendering;

/// <summary>Remarks about the watcher's resource pressure and resyncs. Pure.</summary>
internal static class WatcherRemarks
{
    /// <summary>null: its usage is well below its caps.</summary>
    public static string? Of(WatcherPressure pressure) => pressure switch
    {
        WatcherPressure.Trimming => "gives memory back (over 60 % of its cap)",
        WatcherPressure.Throttled => "at its CPU cap",
        WatcherPressure.Recycling => "being replaced",
        _ => null,
    };

    /// <summary>null: nothing was read again.</summary>
    public static string? Of(ResyncCounts counts)
    {
        var causes = new (int Count, string Cause)[]
        {
            (counts.KernelOverflow, "when the kernel's queue ran over"),
            (counts.BufferOverflow, "when its own buffer ran over"),
            (counts.Gap, "after a standstill"),
            (counts.Mounts, "for changed mounts"),
            (counts.Rules, "for changed ignore rules"),
            (counts.Backend, "for a lost or better backend"),
        };

        var told = causes.Where(cause => cause.Count > 0).Select(cause => $"{cause.Count} {cause.Cause}").ToArray();
        return told.Length == 0 ? null : $"read everything again: {string.Join(", ", told)}";
    }
}
