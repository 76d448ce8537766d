namespace Supervisor.Configuration.Sections;

/// <summary><c>ready</c>: the probe that decides when a server can serve.</summary>
internal static class ReadySection
{
    // Only for its message; the schema does not have it.
    private const string Notify = "notify";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] Probes = ["http", "tcp", "log", "exec", Notify];

    public static ReadySpec? Read(SectionReader service)
    {
        if (service.OptionalChild("ready", [.. Keys.Ready, Notify]) is not { } section)
            return null;

        var timeout = section.Value("timeout", ServiceSection.TimeoutRange, DefaultTimeout);
        var given = Probes.Where(probe => section.Node(probe) is not null).ToArray();

        if (given.Length != 1)
        {
            var found = given.Length == 0 ? "names none" : $"names {string.Join(" and ", given)}";
            section.Mistakes.Add(service.Node("ready")!, $"must name exactly one of http, tcp, log, exec, but {found}");
            return null;
        }

        if (given[0] != Notify)
            return ProbeReader.Read(section, given[0], timeout);

        section.Mistakes.Add(section.Node(Notify)!.Path, section.At(Notify), "is not available yet; use http, tcp, log or exec");
        return null;
    }
}
