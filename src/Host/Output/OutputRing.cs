using System.Text;
using Supervisor.Wire.Contracts;

namespace Supervisor.Host.Output;

/// <summary>
/// The newest lines of output in memory: at most <see cref="MostLines"/> and <see cref="Capacity"/> bytes. A writer never waits for a reader;
/// a reader that comes too late is told how much it missed. Thread-safe. The bytes lie in one circular buffer, so a line costs no allocation,
/// and a quiet server costs no memory (the kernel gives a page when it is first written).
/// </summary>
internal sealed class OutputRing(TimeProvider time)
{
    public const int MostLines = 2_000;
    public const int Capacity = 1024 * 1024;
    private const int MostLinesOfPage = 1_000;

    /// <summary>A byte may be written as six in JSON; a page must fit a message's 1 MiB even so.</summary>
    private const int MostBytesOfPage = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[Capacity];
    private readonly Entry[] _entries = new Entry[MostLines];
    private long _first = 1;
    private long _next = 1;
    private long _end;
    private TaskCompletionSource? _arrival;

    private readonly record struct Entry(long Start, int Length, DateTimeOffset At, OutputStream Stream, bool Partial);

    public void Write(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        TaskCompletionSource? arrival;

        lock (_lock)
        {
            while (_first < _next && (_next - _first == MostLines || _end + line.Length - At(_first).Start > Capacity))
                _first++;

            _entries[_next % MostLines] = new Entry(_end, line.Length, at, stream, partial);
            Copy(line, _end);
            _end += line.Length;
            _next++;
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>Answers at once when there is a line to give, else when one arrives or the asked-for time is over.</summary>
    public async Task<LogPage> ReadAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var deadline = TimeSpan.FromMilliseconds(Math.Clamp(query.WaitMs, 0, 30_000));
        var page = Take(query, out var arrival);

        if (page.Lines.Count > 0 || page.Dropped > 0 || deadline == TimeSpan.Zero)
            return page;

        try
        {
            await arrival.WaitAsync(deadline, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing was said: the empty page is the answer.
        }

        return Take(query with { After = page.Next }, out _);
    }

    private LogPage Take(LogQuery query, out Task arrival)
    {
        lock (_lock)
        {
            var wanted = query.After is { } after ? after + 1 : _next - Math.Clamp(query.Last, 0, MostLinesOfPage);
            var asked = query.After is not null;

            // A number from before this host's time (its ring began again at 1): everything is new to that viewer.
            var from = wanted > _next ? _first : Math.Max(wanted, _first);
            var lines = new List<LogLine>();
            var bytes = 0;

            for (var number = from; number < _next && lines.Count < MostLinesOfPage; number++)
            {
                var entry = At(number);

                if (lines.Count > 0 && bytes + entry.Length > MostBytesOfPage)
                    break;

                lines.Add(new LogLine(number, entry.At, entry.Stream.Word(), Text(entry), entry.Partial));
                bytes += entry.Length;
            }

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
            return new LogPage(lines, from + lines.Count - 1, asked ? from - Math.Min(wanted, from) : 0);
        }
    }

    private ref Entry At(long number) => ref _entries[number % MostLines];

    private void Copy(ReadOnlySpan<byte> line, long position)
    {
        var start = (int)(position % Capacity);
        var head = Math.Min(line.Length, Capacity - start);
        line[..head].CopyTo(_bytes.AsSpan(start));
        line[head..].CopyTo(_bytes);
    }

    private string Text(in Entry entry)
    {
        var start = (int)(entry.Start % Capacity);

        if (start + entry.Length <= Capacity)
            return Encoding.UTF8.GetString(_bytes, start, entry.Length);

        var head = Capacity - start;
        Span<byte> whole = new byte[entry.Length];
        _bytes.AsSpan(start, head).CopyTo(whole);
        _bytes.AsSpan(0, entry.Length - head).CopyTo(whole[head..]);
        return Encoding.UTF8.GetString(whole);
    }
}
