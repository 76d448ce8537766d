using System.Globalization;
using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>Reads one probe of <c>ready</c> or <c>health</c>: the key names its kind.</summary>
internal static class ProbeReader
{
    /// <returns>null: its value is wrong; the mistakes say so.</returns>
    public static ReadySpec? Read(SectionReader section, string kind, TimeSpan timeout)
    {
        var node = section.Node(kind)!;

        return kind switch
        {
            "http" => SectionReader.Read(node, ProbeTarget.Url, section.Mistakes) is { IsValid: true } url ? HttpReader.Read(section, url.Value, timeout) : null,
            "tcp" => SectionReader.Read(Written(node), ProbeTarget.Tcp, section.Mistakes) is { IsValid: true } tcp
                ? new ReadySpec.Tcp(tcp.Value.Host, tcp.Value.Port, timeout) : null,
            "log" => SectionReader.Read(node, ProbeTarget.Pattern, section.Mistakes) is { IsValid: true } pattern
                ? new ReadySpec.OutputLine(pattern.Value, timeout) : null,
            _ => CommandReader.Read(section, kind) is { } command ? new ReadySpec.Exec(command, timeout) : null,
        };
    }

    /// <summary>A port or a status may be written as a number.</summary>
    public static ConfigNode Written(ConfigNode node) => node is ConfigNode.Number { Whole: { } port }
        ? new ConfigNode.Text(node.Path, node.At, port.ToString(CultureInfo.InvariantCulture))
        : node;
}
