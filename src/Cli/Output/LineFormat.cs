using System.Buffers;
using System.Text;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>Formats one line of output: the aligned, coloured service name, then the text. Immutable.</summary>
internal sealed class LineFormat
{
    private const string HostStream = "host";
    private const int WidestName = 20;

    private readonly Palette _palette;
    private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _prefixBytes = new(StringComparer.Ordinal);

    public LineFormat(IReadOnlyList<string> services, Palette palette)
    {
        _palette = palette;
        var width = Math.Min(WidestName, services.Append(OwnName).Max(s => s.Length));

        for (var i = 0; i < services.Count; i++)
            _prefixes[services[i]] = palette.Name(i, services[i].PadRight(width) + " |");

        _prefixes[OwnName] = palette.Faint(OwnName.PadRight(width) + " |");

        foreach (var (service, prefix) in _prefixes)
            _prefixBytes[service] = Encoding.UTF8.GetBytes(prefix + " ");
    }

    /// <summary>The name before the command's own messages.</summary>
    public const string OwnName = "supervisor";

    public string Of(string service, LogLine line)
    {
        var text = line.Text.TrimEnd('\r');
        return $"{_prefixes[service]} {(line.Stream == HostStream ? _palette.Faint(text) : _palette.Closed(text))}\n";
    }

    /// <summary>As <see cref="Of"/>, from bytes to bytes; the bytes of the text stay as the server wrote them.</summary>
    public void Write(string service, in OutputLine line, IBufferWriter<byte> output)
    {
        var text = line.Text.TrimEnd((byte)'\r');
        var (before, after) = line.Stream.SequenceEqual("host"u8) ? _palette.FaintBytes : _palette.ClosingBytes(text);
        var prefix = _prefixBytes[service];
        var place = output.GetSpan(prefix.Length + before.Length + text.Length + after.Length + 1);

        prefix.CopyTo(place);
        before.CopyTo(place[prefix.Length..]);
        text.CopyTo(place[(prefix.Length + before.Length)..]);
        after.CopyTo(place[(prefix.Length + before.Length + text.Length)..]);

        var length = prefix.Length + before.Length + text.Length + after.Length;
        place[length] = (byte)'\n';
        output.Advance(length + 1);
    }

    public string Missed(string service, long lines) => $"{_prefixes[service]} {_palette.Faint($"… {lines} lines were not read in time; the log file has them")}\n";

    public string Message(string about, string text) => $"{_prefixes.GetValueOrDefault(about, _prefixes[OwnName])} {text}\n";
}
