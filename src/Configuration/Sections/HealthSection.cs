using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>health</c>: the check of a server that serves.</summary>
internal static class HealthSection
{
    private const int MaxFailures = 1_000;
    private const string Notify = "notify";

    private static readonly Func<string, Parsed<TimeSpan>> IntervalRange = Duration.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(24));
    private static readonly Func<string, Parsed<TimeSpan>> DelayRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromHours(24));
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
    private static readonly string[] Probes = ["http", "tcp", "exec", Notify];

    public static HealthSpec? Read(SectionReader service, RestartSpec restart)
    {
        if (service.OptionalChild("health", Keys.Health) is not { } section)
            return null;

        var interval = section.Value("interval", IntervalRange, DefaultInterval);
        var timeout = section.Value("timeout", ServiceSection.TimeoutRange, DefaultTimeout);
        var failures = section.WholeNumber("failures", 1, MaxFailures) ?? 3;
        var successes = section.WholeNumber("successes", 1, ReadySection.MaxSuccesses) ?? 1;
        var delay = section.Node("delay") is null ? (TimeSpan?)null : section.Value("delay", DelayRange, DefaultInterval);
        var action = section.Choice("onFailure", Choices.OnHealthFailure, HealthAction.Tell);
        var isTold = section.Boolean(Notify, otherwise: false);
        var given = Probes.Where(probe => section.Node(probe) is not null && (probe != Notify || isTold)).ToArray();

        HttpReader.RefuseWithoutUrl(section);

        if (action == HealthAction.Restart && restart.Policy == RestartPolicy.Never)
            section.Mistakes.Add(section.Node("onFailure")!.Path, section.At("onFailure"), "is \"restart\", but \"restart\": { \"policy\": \"never\" } rules that out");

        if (given.Length != 1)
        {
            var found = given.Length == 0 ? "names none" : $"names {string.Join(" and ", given)}";
            section.Mistakes.Add(service.Node("health")!, $"must name exactly one of http, tcp, exec, notify, but {found}");
            return null;
        }

        return (isTold ? new ReadySpec.Notify(timeout) : ProbeReader.Read(section, given[0], timeout)) is { } probe
            ? new HealthSpec(probe, interval, failures, action, successes, delay)
            : null;
    }
}
