namespace Supervisor.Configuration.Sections;

/// <summary><c>ready</c>: the probes that decide when a server can serve.</summary>
internal static class ReadySection
{
    // Only for its message; the schema does not have it.
    private const string Notify = "notify";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] Probes = ["http", "tcp", "log", "exec"];

    public static ReadySpec? Read(SectionReader service)
    {
        if (service.OptionalChild("ready", [.. Keys.Ready, Notify]) is not { } section)
            return null;

        if (section.Node(Notify) is { } notify)
        {
            section.Mistakes.Add(notify.Path, section.At(Notify), "is not available yet; use http, tcp, log or exec");
            return null;
        }

        var timeout = section.Value("timeout", ServiceSection.TimeoutRange, DefaultTimeout);
        var given = Probes.Where(probe => section.Node(probe) is not null).ToArray();
        var read = given.Select(kind => ProbeReader.Read(section, kind, timeout)).OfType<ReadySpec>().ToArray();

        if (given.Length == 0)
            section.Mistakes.Add(service.Node("ready")!, "must name at least one of http, tcp, log, exec, but names none");

        return read switch
        {
            _ when read.Length < given.Length => null,
            [] => null,
            [var single] => single,
            _ => new ReadySpec.All(read, timeout),
        };
    }
}
