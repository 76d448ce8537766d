using System.Buffers;
using System.Text;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>One line of a service's output as it is shown: aligned, coloured name, then the text. Immutable.</summary>
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
        var width = Math.Min(WidestName, services.Append(Narrator).Max(s => s.Length));

        for (var i = 0; i < services.Count; i++)
            _prefixes[services[i]] = palette.Name(i, services[i].PadRight(width) + " |");

        _prefixes[Narrator] = palette.Faint(Narrator.PadRight(width) + " |");

        foreach (var (service, prefix) in _prefixes)
            _prefixBytes[service] = Encoding.UTF8.GetBytes(prefix + " ");
    }

    /// <summary>Who speaks when we ourselves do.</summary>
    public const string Narrator = "supervisor";

    public string Of(string service, LogLine line)
    {
        var text = line.Text.TrimEnd('\r');
        return $"{_prefixes[service]} {(line.Stream == HostStream ? _palette.Faint(text) : _palette.Closed(text))}\n";
    }

    /// <summary>As <see cref="Of"/>, from bytes to bytes; the text's are the server's own, whatever they are.</summary>
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

    public string Said(string about, string text) => $"{_prefixes.GetValueOrDefault(about, _prefixes[Narrator])} {text}\n";
}
