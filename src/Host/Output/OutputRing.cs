using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// The newest lines of output in memory: at most <see cref="MaxLines"/> lines and <see cref="Capacity"/> bytes. A writer never waits for a reader; a slow
/// reader gets the number of lines that it missed. Thread-safe. Bytes and entries are kept in segments that are allocated when first used: a line costs
/// no allocation, and the host of a quiet server stays small.
/// </summary>
internal sealed partial class OutputRing(TimeProvider time)
{
    public const int MaxLines = 2_000;
    public const int Capacity = 1024 * 1024;
    private const int MaxPageLines = 1_000;
    private const int SegmentSize = 16 * 1024;
    private const int SegmentLines = 100;

    /// <summary>JSON may need six bytes for one; a page still fits into a message of 1 MiB.</summary>
    private const int MaxPageBytes = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _segments = new byte[Capacity / SegmentSize][];
    private readonly Entry[]?[] _entries = new Entry[MaxLines / SegmentLines][];
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
            while (_first < _next && (_next - _first == MaxLines || _end + line.Length - At(_first).Start > Capacity))
                _first++;

            At(_next) = new Entry(_end, line.Length, at, stream, partial);
            Copy(line, _end);
            _end += line.Length;
            _next++;
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>Returns at once if there are lines, else when a line arrives or the requested time is over.</summary>
    public async Task<LogPage> ReadAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var deadline = TimeSpan.FromMilliseconds(Math.Clamp(query.WaitMs, 0, 30_000));
        var page = ReadPage(query, out var arrival);

        if (page.Lines.Count > 0 || page.Dropped > 0 || deadline == TimeSpan.Zero)
            return page;

        try
        {
            await arrival.WaitAsync(deadline, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // No line arrived: the reply is the empty page.
        }

        return ReadPage(query with { After = page.Next }, out _);
    }

    private LogPage ReadPage(LogQuery query, out Task arrival)
    {
        lock (_lock)
        {
            var wanted = query.After is { } after ? after + 1 : FirstOfNewest(query.Last);
            var asked = query.After is not null;

            // The number is from an earlier host, whose ring counted separately: return everything.
            var from = wanted > _next ? _first : Math.Max(wanted, _first);
            var lines = new List<LogLine>();
            var bytes = 0;

            for (var number = from; number < _next && lines.Count < MaxPageLines; number++)
            {
                var entry = At(number);

                if (lines.Count > 0 && bytes + entry.Length > MaxPageBytes)
                    break;

                lines.Add(new LogLine(number, entry.At, entry.Stream.Word(), Text(entry), entry.Partial));
                bytes += entry.Length;
            }

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
            return new LogPage(lines, from + lines.Count - 1, asked ? from - Math.Min(wanted, from) : 0);
        }
    }

    /// <summary>The first of the newest lines, as many as were asked for and fit into a page.</summary>
    private long FirstOfNewest(int count)
    {
        var first = _next;
        var oldest = Math.Max(_first, _next - Math.Clamp(count, 0, MaxPageLines));

        for (var bytes = 0; first > oldest; first--)
        {
            bytes += At(first - 1).Length;

            if (bytes > MaxPageBytes && first < _next)
                break;
        }

        return first;
    }

    private ref Entry At(long number)
    {
        var index = (int)(number % MaxLines);
        var segment = _entries[index / SegmentLines] ??= new Entry[SegmentLines];
        return ref segment[index % SegmentLines];
    }

    private void Copy(ReadOnlySpan<byte> line, long position)
    {
        while (!line.IsEmpty)
        {
            var target = BytesAt(position);
            var count = Math.Min(line.Length, target.Length);
            line[..count].CopyTo(target);
            line = line[count..];
            position += count;
        }
    }

    private string Text(in Entry entry)
    {
        var first = BytesAt(entry.Start);

        if (first.Length >= entry.Length)
            return Encoding.UTF8.GetString(first[..entry.Length]);

        var whole = new byte[entry.Length];
        CopyTo(whole, entry.Start);
        return Encoding.UTF8.GetString(whole);
    }

    private void CopyTo(Span<byte> whole, long position)
    {
        while (!whole.IsEmpty)
        {
            var target = BytesAt(position);
            var count = Math.Min(target.Length, whole.Length);
            target[..count].CopyTo(whole);
            whole = whole[count..];
            position += count;
        }
    }

    /// <summary>The bytes from this position to the end of its segment.</summary>
    private Span<byte> BytesAt(long position)
    {
        var offset = (int)(position % Capacity);
        var segment = _segments[offset / SegmentSize] ??= new byte[SegmentSize];
        return segment.AsSpan(offset % SegmentSize);
    }
}

/// <param name="After">Lines after this number; null: the last <paramref name="Last"/> lines.</param>
/// <param name="WaitMs">How long to wait when there is no line, at most 30,000 ms.</param>
internal sealed record LogQuery(long? After, int Last, int WaitMs);
