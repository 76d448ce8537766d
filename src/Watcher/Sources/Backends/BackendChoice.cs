using System.Runtime.Versioning;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>What is known of one watch path, to describe how it is watched.</summary>
/// <param name="Mount">Of the file system that it lies on.</param>
/// <param name="PolledMounts">Mounts beneath it that have to be polled, in words.</param>
/// <param name="Refused">Directories beneath it that the kernel would not watch.</param>
/// <param name="Watched">Directories that the kernel watches, under all watch paths.</param>
/// <param name="Tree">The source that listens to the whole of it; null: each directory is watched by itself.</param>
/// <param name="TreeError">Why there is no such source although one was asked for.</param>
internal sealed record RootFacts(
    bool HasKernel, MountAssessment Mount, IReadOnlyList<string> PolledMounts, int Refused, int Watched, string? Tree, string? TreeError);

/// <summary>Which backend, and why in words. Pure.</summary>
[SupportedOSPlatform("linux")]
internal static class BackendChoice
{
    public const string Kernel = "inotify";
    public const string Poll = "poll";
    public const string Watchman = "watchman";
    public const string Native = "native";

    private static readonly MountAssessment.Trusted Trusted = new(Remark: null);

    public static bool WantsKernel(WatchBackend configured, bool degraded) => !degraded && configured != WatchBackend.Poll;

    /// <summary>Outside Linux, the system's own watcher is the only one.</summary>
    public static bool WantsFileSystemWatcher(WatchBackend configured, bool degraded, bool isLinux) =>
        !degraded && (configured == WatchBackend.Native || (configured == WatchBackend.Auto && !isLinux));

    /// <summary>
    /// Whether a mount's events can be trusted. Evidence takes precedence over the configuration, and the configuration over the file system type.
    /// </summary>
    public static MountAssessment Decide(WatchBackend configured, string? type, CanaryResult canary)
    {
        var trust = FileSystemTypes.TrustIn(type);
        var kind = type ?? "an unknown file system";

        return canary switch
        {
            CanaryResult.FoundByAudit => new MountAssessment.Polled($"{kind}: the audit found changes that the kernel did not report"),
            CanaryResult.Unseen => new MountAssessment.Polled($"{kind}: the kernel did not report a probe file within {Canary.Deadline.TotalSeconds:0} s"),
            _ when trust == EventTrust.Whole => Trusted,
            _ when trust == EventTrust.Partial && configured != WatchBackend.Inotify =>
                new MountAssessment.Polled($"{kind}: the kernel does not see changes that are made elsewhere"),
            CanaryResult.Seen => Trusted,
            CanaryResult.NotWritable => new MountAssessment.Trusted($"{kind}: trusted without a probe, no file could be created there"),
            _ => new MountAssessment.Unproven(),
        };
    }

    /// <summary>How one watch path is watched.</summary>
    public static RootStatus Describe(string root, WatchBackend configured, bool degraded, RootFacts facts)
    {
        if (degraded)
            return new RootStatus(root, Poll, "the watcher died too often");

        if (configured == WatchBackend.Poll)
            return new RootStatus(root, Poll, "the configuration says so");

        if (!facts.HasKernel)
            return new RootStatus(root, Poll, "no inotify instance is available (fs.inotify.max_user_instances)");

        if (facts.Mount is MountAssessment.Polled(var reason))
            return new RootStatus(root, Poll, reason);

        var backend = facts.Tree ?? Kernel;
        var isPartlyPolled = facts.Refused > 0 || facts.PolledMounts.Count > 0;
        return new RootStatus(root, isPartlyPolled ? $"{backend}+{Poll}" : backend, Reason(facts));
    }

    /// <summary>Of all watch paths together.</summary>
    public static string Overall(IEnumerable<RootStatus> roots) =>
        string.Join('+', roots.SelectMany(root => root.Backend.Split('+')).Distinct(StringComparer.Ordinal)
            .OrderBy(backend => backend == Poll).ThenBy(backend => backend, StringComparer.Ordinal));

    private static string? Reason(RootFacts facts)
    {
        List<string> reasons = [.. facts.PolledMounts.Select(mount => $"polled: {mount}")];

        if (facts.TreeError is { } error)
            reasons.Insert(0, error);

        if (facts.Refused > 0)
        {
            reasons.Add($"the kernel watches {facts.Watched} directories and would not watch {facts.Refused} more (fs.inotify.max_user_watches): "
                + "those are polled");
        }

        if (facts.Mount is MountAssessment.Trusted { Remark: { } remark })
            reasons.Add(remark);

        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }
}
