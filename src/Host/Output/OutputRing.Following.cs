using System.Buffers;
using System.Globalization;
using System.Text;

namespace Supervisor.Host.Output;

internal sealed partial class OutputRing
{
    /// <summary>The most that is copied while the writer waits for the lock: some microseconds.</summary>
    private const int MaxCopyBytes = 64 * 1024;

    /// <summary>
    /// Appends the lines after a number to an output channel, in the log file's format. One extra line reports how many lines the ring has dropped.
    /// </summary>
    /// <param name="after">The last copied line; updated.</param>
    /// <param name="arrival">Completes when there is a line to copy.</param>
    /// <returns>false: there was no line.</returns>
    public bool TryCopy(ref long after, LinePrefix prefix, IBufferWriter<byte> output, out Task arrival)
    {
        arrival = Task.CompletedTask;

        lock (_lock)
        {
            var missed = Math.Max(0, _first - 1 - after);
            after += missed;
            var until = after + 1;
            var bytes = LinePrefix.MaxLength * 2;

            for (; until < _next && bytes < MaxCopyBytes; until++)
                bytes += LinePrefix.MaxLength + At(until).Length + 1;

            if (until == after + 1)
            {
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
                return false;
            }

            var target = output.GetSpan(bytes);
            var written = missed > 0 ? WriteMissed(missed, At(after + 1).At, target) : 0;

            while (++after < until)
                written += WriteLine(At(after), prefix, target[written..]);

            after--;
            output.Advance(written);
            return true;
        }
    }

    private int WriteLine(in Entry entry, LinePrefix prefix, Span<byte> target)
    {
        var start = prefix.For(entry.At, entry.Stream, entry.Partial);
        start.CopyTo(target);
        CopyTo(target.Slice(start.Length, entry.Length), entry.Start);
        target[start.Length + entry.Length] = (byte)'\n';
        return start.Length + entry.Length + 1;
    }

    private static int WriteMissed(long lines, DateTimeOffset at, Span<byte> target)
    {
        var written = LinePrefix.Write(at, HostChannels.Missed, partial: false, target);
        return written + Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lines}\n"), target[written..]);
    }
}
