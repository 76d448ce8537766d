using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>ready</c>: the probes that decide when a server can serve.</summary>
internal static class ReadySection
{
    public const int MaxSuccesses = 1_000;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly Func<string, Parsed<TimeSpan>> DelayRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromHours(1));
    private static readonly string[] Probes = ["http", "tcp", "log", "exec"];
    private static readonly string[] PaceKeys = ["interval", "successes", "delay"];

    public static ReadySpec? Read(SectionReader service)
    {
        if (service.OptionalChild("ready", Keys.Ready) is not { } section)
            return null;

        var timeout = section.Value("timeout", ServiceSection.TimeoutRange, DefaultTimeout);
        var given = Probes.Where(probe => section.Node(probe) is not null).ToArray();
        var pace = Pace(section, given, timeout);
        HttpReader.RefuseWithoutUrl(section);
        ReadySpec[] notify = section.Boolean("notify", otherwise: false) ? [new ReadySpec.Notify(timeout)] : [];
        ReadySpec[] read = [.. given.Select(kind => ProbeReader.Read(section, kind, timeout)).OfType<ReadySpec>(), .. notify];

        if (given.Length == 0 && section.Node("notify") is null)
            section.Mistakes.Add(service.Node("ready")!, "must name at least one of http, tcp, log, exec, notify, but names none");

        return read switch
        {
            // Not known until an env file is there; that the service has a probe is.
            _ when read.Length < given.Length + notify.Length => new ReadySpec.Notify(timeout),
            [] => null,
            [var single] => single with { Pace = pace },
            _ => new ReadySpec.All(read, timeout) { Pace = pace },
        };
    }

    /// <returns>null: none of the keys is there.</returns>
    private static ProbePace? Pace(SectionReader section, IReadOnlyList<string> probes, TimeSpan timeout)
    {
        if (PaceKeys.Where(key => section.Node(key) is not null).ToArray() is not { Length: > 0 } keys)
            return null;

        var pace = new ProbePace(
            section.Node("interval") is null ? null : section.Value("interval", ServiceSection.TimeoutRange, DefaultTimeout),
            section.WholeNumber("successes", 1, MaxSuccesses) ?? ProbePace.Default.Successes, section.Value("delay", DelayRange, TimeSpan.Zero));

        if (!probes.Any(probe => probe is "http" or "tcp" or "exec"))
        {
            foreach (var key in keys)
                section.Mistakes.Add(section.Node(key)!.Path, section.At(key), "has no effect: only http, tcp and exec ask; log and notify wait to be told");
        }

        if (pace.Delay >= timeout)
            section.Mistakes.AddWrong(section.Node("delay")!, $"must be less than \"timeout\" ({Duration.Text(timeout)}), or no server could become ready");

        return pace;
    }
}
