
namespace Supervisor.Cli.Rendering;

/// <summary>What the watcher went through, where that needs saying. Pure.</summary>
internal static class WatcherTroubles
{
    /// <summary>null: it is far from its caps.</summary>
    public static string? Of(WatcherPressure pressure) => pressure switch
    {
        WatcherPressure.Trimming => "gives memory back (over 60 % of its cap)",
        WatcherPressure.Throttled => "at its CPU cap",
        WatcherPressure.Recycling => "another one is taking its place",
        _ => null,
    };

    /// <summary>null: nothing was ever read twice.</summary>
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
