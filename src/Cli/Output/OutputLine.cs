using System.Globalization;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>One line of an output channel, <c>TIME stream F|P text</c>, as received bytes. Valid as long as these.</summary>
internal readonly ref struct OutputLine
{
    /// <summary>For example 2026-11-21T23:00:00.123456Z: the order of the bytes is the order of the times.</summary>
    public const int StampLength = 27;

    public const string StampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public OutputLine(ReadOnlySpan<byte> stamp, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> text, bool isPartial = false)
    {
        Stamp = stamp;
        Stream = stream;
        Text = text;
        IsPartial = isPartial;
    }

    public ReadOnlySpan<byte> Stamp { get; }

    public ReadOnlySpan<byte> Stream { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The line continues in the next one of its stream.</summary>
    public bool IsPartial { get; }

    /// <summary>A whole line.</summary>
    public LogLine ToLogLine() => new(
        Number: 0, DateTimeOffset.ParseExact(Encoding.ASCII.GetString(Stamp), StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        Encoding.ASCII.GetString(Stream), Encoding.UTF8.GetString(Text), Partial: false);

    /// <param name="line">Without its newline.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out OutputLine parsed)
    {
        parsed = default;

        if (line.Length < StampLength + 2 || line[StampLength] != ' ')
            return false;

        var rest = line[(StampLength + 1)..];
        var space = rest.IndexOf((byte)' ');

        // A letter and a space precede the text.
        if (space < 0 || rest.Length < space + 3 || rest[space + 2] != ' ')
            return false;

        parsed = new OutputLine(line[..StampLength], rest[..space], rest[(space + 3)..], isPartial: rest[space + 1] == 'P');
        return true;
    }
}
