using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// The newest lines of output in memory: at most <see cref="MostLines"/> and <see cref="Capacity"/> bytes. A writer never waits for a reader;
/// a reader that comes too late is told how much it missed. Thread-safe. The bytes lie in a circle of pieces that are made when the output
/// first reaches them: a line costs no allocation, and the host of a quiet server stays small.
/// </summary>
internal sealed partial class OutputRing(TimeProvider time)
{
    public const int MostLines = 2_000;
    public const int Capacity = 1024 * 1024;
    private const int MostLinesOfPage = 1_000;
    private const int PieceSize = 64 * 1024;

    /// <summary>A byte may be written as six in JSON; a page must fit a message's 1 MiB even so.</summary>
    private const int MostBytesOfPage = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _pieces = new byte[Capacity / PieceSize][];
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
        while (!line.IsEmpty)
        {
            var place = Place(position);
            var count = Math.Min(line.Length, place.Length);
            line[..count].CopyTo(place);
            line = line[count..];
            position += count;
        }
    }

    private string Text(in Entry entry)
    {
        var first = Place(entry.Start);

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
            var place = Place(position);
            var count = Math.Min(place.Length, whole.Length);
            place[..count].CopyTo(whole);
            whole = whole[count..];
            position += count;
        }
    }

    /// <summary>The bytes from this position to the end of its piece.</summary>
    private Span<byte> Place(long position)
    {
        var inCircle = (int)(position % Capacity);
        var piece = _pieces[inCircle / PieceSize] ??= new byte[PieceSize];
        return piece.AsSpan(inCircle % PieceSize);
    }
}

/// <param name="After">Lines after this number; null: the last <paramref name="Last"/> lines.</param>
/// <param name="WaitMs">With no line to give: wait this long for one, at most 30,000 ms.</param>
internal sealed record LogQuery(long? After, int Last, int WaitMs);
