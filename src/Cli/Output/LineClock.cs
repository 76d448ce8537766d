using System.Globalization;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>The times at the beginning of lines, of this time zone. Thread-safe: the followers of all services share it.</summary>
internal sealed class LineClock(TimeZoneInfo zone, LineTimes times)
{
    private const int SecondLength = 19;

    private static readonly string[] Formats = ["HH:mm:ss", "HH:mm:ss.fff"];

    // Lines come in blocks of the same second, and a time zone is slow to ask.
    private volatile Second _newest = new([], []);

    public LineTimes Times => times;

    /// <summary>Of every time, in characters.</summary>
    public int Width => Formats[(int)times].Length;

    public string Of(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString(Formats[(int)times], CultureInfo.InvariantCulture);

    /// <param name="stamp">As in <see cref="OutputLine.Stamp"/>.</param>
    /// <param name="text">Receives the time.</param>
    /// <returns>The length of the time.</returns>
    public int Write(ReadOnlySpan<byte> stamp, Span<byte> text)
    {
        var newest = _newest;

        if (!stamp[..SecondLength].SequenceEqual(newest.Stamp))
            _newest = newest = new Second(stamp[..SecondLength].ToArray(), Encoding.ASCII.GetBytes(Shown(stamp)));

        newest.Text.CopyTo(text);

        if (times == LineTimes.Own)
            return newest.Text.Length;

        stamp.Slice(SecondLength, ".fff".Length).CopyTo(text[newest.Text.Length..]);
        return newest.Text.Length + ".fff".Length;
    }

    private string Shown(ReadOnlySpan<byte> stamp) =>
        DateTimeOffset.TryParse(Encoding.ASCII.GetString(stamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? TimeZoneInfo.ConvertTime(at, zone).ToString(Formats[0], CultureInfo.InvariantCulture)
            : "??:??:??";

    private sealed record Second(byte[] Stamp, byte[] Text);
}
