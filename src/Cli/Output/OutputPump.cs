using System.Text;
using System.Threading.Channels;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>
/// Carries text to the terminal on a thread of its own: a terminal that is held (Ctrl-S) blocks that thread and nobody else, so that Ctrl-C
/// still works. Any thread may add; <see cref="RunAsync"/> runs once.
/// </summary>
internal sealed class OutputPump(TextWriter screen)
{
    // Full means that the terminal is slower than the servers: whoever follows them waits, which costs the servers nothing, because
    // their output is pulled from the hosts' rings.
    private readonly Channel<byte[]> _texts = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(capacity: 64) { SingleReader = true });

    public ValueTask AddAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => _texts.Writer.WriteAsync(text.ToArray(), cancellationToken);

    /// <summary>Where waiting would do harm: gives up the text when the terminal is held.</summary>
    public void TryAdd(string text) => _texts.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    /// <summary>No more is coming; <see cref="RunAsync"/> ends after what there is.</summary>
    public void Complete() => _texts.Writer.TryComplete();

    public Task RunAsync() => Task.Factory.StartNew(
        Drain, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Drain()
    {
        while (_texts.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_texts.Reader.TryRead(out var text))
                screen.WriteBytes(text);
        }
    }
}
