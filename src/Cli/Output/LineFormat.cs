using System.Buffers;
using System.Globalization;
using System.Text;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>
/// Formats one line of output: the aligned, coloured service name, a mark for lines of the server (<c>|</c>, or <c>!</c> for its standard error) or the time for lines
/// of supervisor about it, then the text. Thread-safe.
/// </summary>
internal sealed class LineFormat : ILogFormat
{
    private const int WidestName = 20;
    private const int LeastServerWidth = 20;

    private readonly Palette _palette;
    private readonly LineClock _clock;
    private readonly Dictionary<string, Prefix> _prefixes = new(StringComparer.Ordinal);
    private readonly (byte[] Before, byte[] After) _faint;
    private readonly byte[] _blankTime;

    public LineFormat(IReadOnlyList<string> services, Palette palette, LineClock clock)
    {
        (_palette, _clock) = (palette, clock);
        _faint = palette.BytesAround(Tone.Faint, []);
        _blankTime = Encoding.ASCII.GetBytes(new string(' ', clock.Width + 1));
        var width = NameWidth(services);

        for (var i = 0; i < services.Count; i++)
        {
            var name = services[i].PadRight(width);
            _prefixes[services[i]] = new(palette.Name(i, name), palette.Name(i, "|"), palette.Warning("!"));
        }

        _prefixes.TryAdd(OwnName, new(OwnName.PadRight(width), "", ""));
    }

    /// <summary>The output is a terminal, which a server must not change for others.</summary>
    public bool IsForTerminal { get; init; }

    /// <summary>A server's lines have neither name nor mark before them.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The name before the command's own messages.</summary>
    public const string OwnName = "supervisor";

    /// <summary>How wide a server's line may be where this fits on one line of the screen, in cells.</summary>
    public static int ServerWidth(int screenWidth, IEnumerable<string> services) => Math.Max(LeastServerWidth, screenWidth - NameWidth(services) - " | ".Length);

    public bool NeedsFacts => false;

    public string Of(string service, in ReadLine read) => Of(service, read.Line);

    public void Write(string service, in OutputLine line, in ReadLine read, IBufferWriter<byte> output) => Write(service, line, output);

    public string Of(string service, LogLine line)
    {
        var stamp = line.At.UtcDateTime.ToString(OutputLine.StampFormat, CultureInfo.InvariantCulture);
        var output = new ArrayBufferWriter<byte>();

        if (OutputLine.TryParse(Encoding.UTF8.GetBytes($"{stamp} {line.Stream} F {line.Text}"), out var parsed))
            Write(service, parsed, output);

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>As <see cref="Of(string, LogLine)"/>, from bytes to bytes. Not for a terminal, the bytes of the text stay as the server wrote them.</summary>
    public void Write(string service, in OutputLine line, IBufferWriter<byte> output)
    {
        var prefix = _prefixes[service];
        var text = line.Text.TrimEnd((byte)'\r');
        var isOwn = line.Stream.SequenceEqual("host"u8);
        var (before, after) = _palette.BytesAround(isOwn ? HostLineTone.Of(text) : Tone.Plain, text);

        if (isOwn || !IsPlain)
            output.Write(prefix.NameBytes);

        // The text of a tool stands below the line that quotes it, without a time of its own.
        if (isOwn && text.StartsWith("  "u8))
            output.Write(_blankTime);
        else if (isOwn || _clock.Times == LineTimes.All)
            WriteTime(line.Stamp, output);

        if (!isOwn && !IsPlain)
            output.Write(line.Stream.SequenceEqual("stderr"u8) ? prefix.ErrorMarkBytes : prefix.MarkBytes);

        output.Write(before);

        if (IsForTerminal)
            TerminalText.Write(text, output);
        else
            output.Write(text);

        output.Write(after);
        output.Write("\n"u8);
    }

    public string Missed(string service, long lines) =>
        $"{_prefixes[service].Name} {_palette.Warning($"… {lines} lines were not read in time; the log file has them")}\n";

    /// <param name="about">A service's name; any other name stands for the command itself.</param>
    public string Message(string about, DateTimeOffset at, string text) =>
        $"{_prefixes.GetValueOrDefault(about, _prefixes[OwnName]).Name} {_palette.Faint(_clock.Of(at))} {text}\n";

    private static int NameWidth(IEnumerable<string> services) => Math.Min(WidestName, services.Append(OwnName).Max(s => s.Length));

    private void WriteTime(ReadOnlySpan<byte> stamp, IBufferWriter<byte> output)
    {
        Span<byte> time = stackalloc byte[OutputLine.StampLength];
        var length = _clock.Write(stamp, time);

        output.Write(_faint.Before);
        output.Write(time[..length]);
        output.Write(_faint.After);
        output.Write(" "u8);
    }

    private sealed record Prefix(string Name, string Mark, string ErrorMark)
    {
        public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name + " ");

        public byte[] MarkBytes { get; } = Encoding.UTF8.GetBytes(Mark + " ");

        public byte[] ErrorMarkBytes { get; } = Encoding.UTF8.GetBytes(ErrorMark + " ");
    }
}
