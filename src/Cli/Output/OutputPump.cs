using System.Text;
using System.Threading.Channels;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>
/// Writes text to the terminal on a separate thread: a paused terminal (Ctrl-S) blocks only that thread, so that Ctrl-C still works. Any thread may
/// add; <see cref="RunAsync"/> runs once.
/// </summary>
internal sealed class OutputPump(TextWriter screen)
{
    private const int LongText = 1024 * 1024;

    // Full means that the terminal is slower than the servers. Followers then wait. The servers are not affected, because their output
    // is pulled from the rings of the hosts.
    private readonly Channel<byte[]> _texts = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(capacity: 64) { SingleReader = true });

    // Holds one item while a text with lines of megabytes is queued: there is never a second one.
    private readonly Channel<bool> _long = Channel.CreateBounded<bool>(capacity: 1);

    public async ValueTask AddAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (IsLong(text.Length))
            await _long.Writer.WriteAsync(item: true, cancellationToken);

        await _texts.Writer.WriteAsync(text.ToArray(), cancellationToken);
    }

    /// <summary>For callers that must not wait: drops the text while the terminal is paused.</summary>
    public void TryAdd(string text) => _texts.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    /// <summary>No more text follows; <see cref="RunAsync"/> ends after the queued text.</summary>
    public void Complete() => _texts.Writer.TryComplete();

    public Task RunAsync() => Task.Factory.StartNew(
        Drain, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Drain()
    {
        while (_texts.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_texts.Reader.TryRead(out var text))
            {
                screen.WriteBytes(text);

                if (IsLong(text.Length))
                    _long.Reader.TryRead(out _);
            }
        }
    }

    private static bool IsLong(int bytes) => bytes > LongText;
}
