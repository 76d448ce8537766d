using System.Buffers;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>Formats the lines of one service as bytes and writes them in large blocks. Not thread-safe: its follower owns it.</summary>
/// <param name="write">Receives the formatted bytes, which are valid until it completes.</param>
internal sealed class OutputView(string service, LineFormat format, LogSelection? selection, Func<ReadOnlyMemory<byte>, ValueTask> write)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    public void Add(in OutputLine line)
    {
        // A string is made only where a pattern needs one.
        if (selection?.Pattern is null || selection.Matches(Encoding.UTF8.GetString(line.Text)))
            format.Write(service, line, _text);
    }

    public void AddMissed(long lines) => _text.Write(Encoding.UTF8.GetBytes(format.Missed(service, lines)));

    public async ValueTask FlushAsync()
    {
        if (_text.WrittenCount > 0)
            await write(_text.WrittenMemory);

        _text.ResetWrittenCount();
    }
}
