using System.Globalization;
using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// What stands before a line's text in the log file and on an output channel: <c>TIME stream F|P </c>. Keeps the last one, because the lines of a chunk have
/// the same. Not thread-safe.
/// </summary>
internal sealed class LineHead
{
    /// <summary>A time, the longest word, a letter and three spaces.</summary>
    public const int Longest = 48;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private readonly byte[] _bytes = new byte[Longest];
    private int _length;
    private (DateTimeOffset At, OutputStream Stream, bool Partial) _of;

    public ReadOnlySpan<byte> Of(DateTimeOffset at, OutputStream stream, bool partial)
    {
        if (_length == 0 || _of.At != at || _of.Stream != stream || _of.Partial != partial)
        {
            _of = (at, stream, partial);
            _length = Write(at, stream.Word(), partial, _bytes);
        }

        return _bytes.AsSpan(0, _length);
    }

    public static int Write(DateTimeOffset at, string stream, bool partial, Span<byte> place)
    {
        at.UtcDateTime.TryFormat(place, out var written, TimeFormat, CultureInfo.InvariantCulture);
        return written + Encoding.UTF8.GetBytes($" {stream} {(partial ? 'P' : 'F')} ", place[written..]);
    }
}
