using System.Globalization;
using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// The prefix of a line in the log file and on an output channel: <c>TIME stream F|P </c>. Caches the last prefix, because the lines of one chunk share
/// it. Not thread-safe.
/// </summary>
internal sealed class LinePrefix
{
    /// <summary>A time, the longest stream name, a letter and three spaces.</summary>
    public const int MaxLength = 48;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private readonly byte[] _bytes = new byte[MaxLength];
    private int _length;
    private (DateTimeOffset At, OutputStream Stream, bool Partial) _cached;

    public ReadOnlySpan<byte> For(DateTimeOffset at, OutputStream stream, bool partial)
    {
        if (_length == 0 || _cached.At != at || _cached.Stream != stream || _cached.Partial != partial)
        {
            _cached = (at, stream, partial);
            _length = Write(at, stream.Word(), partial, _bytes);
        }

        return _bytes.AsSpan(0, _length);
    }

    public static int Write(DateTimeOffset at, string stream, bool partial, Span<byte> target)
    {
        at.UtcDateTime.TryFormat(target, out var written, TimeFormat, CultureInfo.InvariantCulture);
        return written + Encoding.UTF8.GetBytes($" {stream} {(partial ? 'P' : 'F')} ", target[written..]);
    }
}
