using System.Buffers;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>Formats the lines of one service as bytes and writes them in large blocks. Not thread-safe: its follower owns it.</summary>
/// <param name="write">Receives the formatted bytes, which are valid until it completes.</param>
internal sealed class OutputView(string service, LineFormat format, LogSelection? selection, Func<ReadOnlyMemory<byte>, ValueTask> write)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private string? _newestOwn;
    private volatile string? _writtenOwn;

    public ShownLines Lines { get; init; }

    /// <summary>The stamp of the newest line of supervisor about the service that has been written; null: none has. Any thread.</summary>
    public string? NewestOwnLine => _writtenOwn;

    public void Add(in OutputLine line)
    {
        var isOwn = line.Stream.SequenceEqual("host"u8);

        if (isOwn)
            _newestOwn = Encoding.ASCII.GetString(line.Stamp);
        else if (Lines == ShownLines.Own)
            return;

        // A string is made only where a pattern needs one.
        if (selection?.Pattern is null || selection.Matches(Encoding.UTF8.GetString(line.Text)))
            format.Write(service, line, _text);
    }

    public void AddMissed(long lines)
    {
        if (Lines == ShownLines.All)
            _text.Write(Encoding.UTF8.GetBytes(format.Missed(service, lines)));
    }

    public async ValueTask FlushAsync()
    {
        if (_text.WrittenCount > 0)
            await write(_text.WrittenMemory);

        _text.ResetWrittenCount();
        _writtenOwn = _newestOwn;
    }
}
