using System.Buffers;
using System.Globalization;
using System.Text;

namespace Supervisor.Host.Output;

internal sealed partial class OutputRing
{
    /// <summary>As much as is copied at a time while the writer waits for the lock: some microseconds.</summary>
    private const int MostBytesOfCopy = 64 * 1024;

    /// <summary>Appends lines after a number to an output channel, in the log file's format; what the ring has given up is one line that says so.</summary>
    /// <param name="after">The last line that was copied; moved on.</param>
    /// <param name="arrival">Completes when there is a line to copy.</param>
    /// <returns>false: there was none.</returns>
    public bool TryCopy(ref long after, LineHead head, IBufferWriter<byte> output, out Task arrival)
    {
        arrival = Task.CompletedTask;

        lock (_lock)
        {
            var missed = Math.Max(0, _first - 1 - after);
            after += missed;
            var until = after + 1;
            var bytes = LineHead.Longest * 2;

            for (; until < _next && bytes < MostBytesOfCopy; until++)
                bytes += LineHead.Longest + At(until).Length + 1;

            if (until == after + 1)
            {
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
                return false;
            }

            var place = output.GetSpan(bytes);
            var written = missed > 0 ? WriteMissed(missed, At(after + 1).At, place) : 0;

            while (++after < until)
                written += WriteLine(At(after), head, place[written..]);

            after--;
            output.Advance(written);
            return true;
        }
    }

    private int WriteLine(in Entry entry, LineHead head, Span<byte> place)
    {
        var start = head.Of(entry.At, entry.Stream, entry.Partial);
        start.CopyTo(place);
        CopyTo(place.Slice(start.Length, entry.Length), entry.Start);
        place[start.Length + entry.Length] = (byte)'\n';
        return start.Length + entry.Length + 1;
    }

    private static int WriteMissed(long lines, DateTimeOffset at, Span<byte> place)
    {
        var written = LineHead.Write(at, HostChannels.Missed, partial: false, place);
        return written + Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lines}\n"), place[written..]);
    }
}
