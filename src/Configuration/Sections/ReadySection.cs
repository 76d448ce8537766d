using System.Globalization;
using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

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

        return Probe(section, given[0], timeout);
    }

    private static ReadySpec? Probe(SectionReader section, string kind, TimeSpan timeout)
    {
        var node = section.Node(kind)!;

        switch (kind)
        {
            case "http":
                return SectionReader.Read(node, ProbeTarget.Url, section.Mistakes) is { IsValid: true } url
                    ? new ReadySpec.Http(url.Value, timeout) : null;
            case "tcp":
                return SectionReader.Read(Written(node), ProbeTarget.Tcp, section.Mistakes) is { IsValid: true } tcp
                    ? new ReadySpec.Tcp(tcp.Value.Host, tcp.Value.Port, timeout) : null;
            case "log":
                return SectionReader.Read(node, ProbeTarget.Pattern, section.Mistakes) is { IsValid: true } pattern
                    ? new ReadySpec.OutputLine(pattern.Value, timeout) : null;
            case "exec":
                return CommandReader.Read(section, kind) is { } command ? new ReadySpec.Exec(command, timeout) : null;
            default:
                section.Mistakes.Add(node.Path, section.At(kind), "is not available yet; use http, tcp, log or exec");
                return null;
        }
    }

    /// <summary>A port may be written as a number.</summary>
    private static ConfigNode Written(ConfigNode node) => node is ConfigNode.Number { Whole: { } port }
        ? new ConfigNode.Text(node.Path, node.At, port.ToString(CultureInfo.InvariantCulture))
        : node;
}
