namespace Supervisor.Configuration.Sections;

/// <summary><c>ready</c>: the probes that decide when a server can serve.</summary>
internal static class ReadySection
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] Probes = ["http", "tcp", "log", "exec"];

    public static ReadySpec? Read(SectionReader service)
    {
        if (service.OptionalChild("ready", Keys.Ready) is not { } section)
            return null;

        var timeout = section.Value("timeout", ServiceSection.TimeoutRange, DefaultTimeout);
        var given = Probes.Where(probe => section.Node(probe) is not null).ToArray();
        ReadySpec[] notify = section.Boolean("notify", otherwise: false) ? [new ReadySpec.Notify(timeout)] : [];
        ReadySpec[] read = [.. given.Select(kind => ProbeReader.Read(section, kind, timeout)).OfType<ReadySpec>(), .. notify];

        if (given.Length == 0 && section.Node("notify") is null)
            section.Mistakes.Add(service.Node("ready")!, "must name at least one of http, tcp, log, exec, notify, but names none");

        return read switch
        {
            // Not known until an env file is there; that the service has a probe is.
            _ when read.Length < given.Length + notify.Length => new ReadySpec.Notify(timeout),
            [] => null,
            [var single] => single,
            _ => new ReadySpec.All(read, timeout),
        };
    }
}
