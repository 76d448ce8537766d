using System.Buffers;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>
/// Formats the lines of one service as bytes and writes them in large blocks; parts of a long line become one line. Not thread-safe: its follower owns it.
/// </summary>
/// <param name="write">Receives the formatted bytes, which are valid until it completes.</param>
internal sealed class OutputView(string service, ILogFormat format, LogSelection? selection, Func<ReadOnlyMemory<byte>, ValueTask> write)
{
    /// <summary>A buffer that a long line has made larger is not kept.</summary>
    private const int MaxKeptBytes = 1024 * 1024;

    /// <summary>Of UTF-8: a long line is not cut within one.</summary>
    private const int LongestLetter = 4;

    private readonly OpenLine _output = new("stdout"u8.ToArray());
    private readonly OpenLine _error = new("stderr"u8.ToArray());
    private readonly ReadLines _reading = new(withSeverity: selection?.Least is not null || format.NeedsFacts);
    private readonly bool _needsText = format.NeedsFacts || selection is { Pattern: not null } or { Least: not null } or { Stream: not null };
    private ArrayBufferWriter<byte> _text = new();
    private string? _newestOwn;
    private volatile string? _writtenOwn;

    public ShownLines Lines { get; init; }

    /// <summary>The stamp of the newest line of supervisor about the service that has been written; null: none has. Any thread.</summary>
    public string? NewestOwnLine => _writtenOwn;

    /// <summary>A line waits for its rest; <see cref="EndLines"/> shows what there is.</summary>
    public bool HasOpenLine => _output.IsOpen || _error.IsOpen;

    /// <summary>Lines up to here have been shown.</summary>
    public void Continue(LogCursor shown) => _reading.Continue(shown);

    public void Add(in OutputLine line)
    {
        if (line.Stream.SequenceEqual("host"u8))
            AddOwn(line);
        else if (Lines == ShownLines.All)
            AddOfServer(line, line.Stream.SequenceEqual("stderr"u8) ? _error : _output);
    }

    public void AddMissed(long lines)
    {
        EndLines();

        if (Lines == ShownLines.All)
            _text.Write(Encoding.UTF8.GetBytes(format.Missed(service, lines)));
    }

    /// <summary>Shows the lines whose end has not arrived as they are: their rest, if it comes, begins a line.</summary>
    public void EndLines()
    {
        EndLine(_output);
        EndLine(_error);
    }

    public async ValueTask FlushAsync()
    {
        if (_text.WrittenCount > 0)
            await write(_text.WrittenMemory);

        if (_text.Capacity > MaxKeptBytes)
            _text = new ArrayBufferWriter<byte>();
        else
            _text.ResetWrittenCount();

        _writtenOwn = _newestOwn;
    }

    private void AddOwn(in OutputLine line)
    {
        if (WholeLines.BeginsServer(line))
            EndLines();

        _newestOwn = Encoding.ASCII.GetString(line.Stamp);
        Show(line);
    }

    private void AddOfServer(in OutputLine line, OpenLine open)
    {
        if (!line.IsPartial && !open.IsOpen)
        {
            Show(line);
            return;
        }

        open.Add(line);

        // A short part: the server pauses, such as after a question.
        if (!line.IsPartial || open.IsFull || line.Text.Length <= HostChannels.LongestPart - LongestLetter)
            EndLine(open);
    }

    private void EndLine(OpenLine open)
    {
        if (open.IsOpen)
            Show(open.Line);

        open.Close();
    }

    private void Show(in OutputLine line)
    {
        // A string is made only where something needs one.
        if (!_needsText)
        {
            format.Write(service, line, default, _text);
            return;
        }

        var read = _reading.Next(line.ToLogLine());

        if (selection?.Matches(read) != false)
            format.Write(service, line, read, _text);
    }
}
