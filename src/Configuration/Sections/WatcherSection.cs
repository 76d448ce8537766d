using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>watcher</c>: how files are watched, for all services. Defaults are those of the design, section 8.</summary>
internal static class WatcherSection
{
    private const long DefaultMemory = 128L << 20;
    private const long MinMemory = 16L << 20;
    private const double DefaultCores = 0.5;

    private static readonly Func<string, Parsed<TimeSpan>> SettleRange =
        Duration.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));

    public static WatcherSpec Read(SectionReader section)
    {
        var limits = section.Child("limits", Keys.WatcherLimits);

        return new WatcherSpec(
            Backend(section),
            new LimitsSpec(
                limits.Value("memory", ByteSize.AtLeast(MinMemory), DefaultMemory),
                limits.Value("cpu", CpuShare.Parse, DefaultCores), Processes: null, Files: null),
            BackoffSection.Read(section, initial: TimeSpan.FromMilliseconds(100), max: TimeSpan.FromSeconds(10)),
            section.Choice("compare", Choices.Compare, CompareMode.Content),
            Settle(section),
            section.Texts("ignore", Glob.Parse),
            section.Boolean("gitignore", otherwise: true));
    }

    private static WatchBackend Backend(SectionReader section)
    {
        var backend = section.Choice("backend", Choices.Backend, WatchBackend.Auto);

        if (backend == WatchBackend.Inotify && !OperatingSystem.IsLinux())
            section.Mistakes.AddWrong(section.Node("backend")!, "exists on Linux only; use \"auto\"");

        return backend;
    }

    private static TimeSpan? Settle(SectionReader section) =>
        section.Node("settle") is ConfigNode.Text { Value: "auto" } or null
            ? null
            : section.Value("settle", text => Optional(SettleRange(text), "\"auto\" or "), otherwise: null);

    /// <summary>The value as a nullable one; <paramref name="alternative"/> is inserted after "must be" in its mistake.</summary>
    internal static Parsed<TimeSpan?> Optional(Parsed<TimeSpan> parsed, string alternative) => parsed.IsValid
        ? Parsed.Ok<TimeSpan?>(parsed.Value)
        : Parsed.Wrong<TimeSpan?>(parsed.Mistake.Replace("must be ", $"must be {alternative}", StringComparison.Ordinal));
}
