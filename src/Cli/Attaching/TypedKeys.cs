using System.Runtime.InteropServices;
using System.Threading.Channels;
using Supervisor.Cli.Interop;

namespace Supervisor.Cli.Attaching;

/// <summary>
/// What is typed at the standard input, which is a raw terminal, until Ctrl-P Ctrl-Q or the end of the terminal. Read on a thread of its own, because a read of a
/// terminal cannot be cancelled; the thread ends with the process.
/// </summary>
internal sealed class TypedKeys
{
    private const int StandardInput = 0;
    private const int ChunkSize = 1024;

    /// <summary>A Ctrl-P after which nothing is typed for so long is passed on.</summary>
    private static readonly TimeSpan DetachPatience = TimeSpan.FromSeconds(1);

    // Full means that the server does not read what was pasted. More is dropped, so that Ctrl-P Ctrl-Q is always seen.
    private readonly Channel<byte[]> _typed = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(capacity: 1024) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DetachKeys _detach = new();

    private TypedKeys()
    {
    }

    public ChannelReader<byte[]> Reader => _typed.Reader;

    /// <summary>Completes with Ctrl-P Ctrl-Q, or when the terminal has ended.</summary>
    public Task Ended => _ended.Task;

    public static TypedKeys Start()
    {
        var keys = new TypedKeys();
        new Thread(keys.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "keys" }.Start();
        return keys;
    }

    private void Run()
    {
        while (ReadNext())
        {
        }

        _typed.Writer.TryComplete();
        _ended.TrySetResult();
    }

    private unsafe bool ReadNext()
    {
        var chunk = stackalloc byte[ChunkSize];
        var input = new LibC.PollFd { Descriptor = StandardInput, Events = LibC.POLLIN };
        var ready = LibC.poll(&input, 1, _detach.IsHolding ? (int)DetachPatience.TotalMilliseconds : -1);

        if (ready == 0)
        {
            Pass(_detach.Release());
            return true;
        }

        var count = ready < 0 ? -1 : LibC.read(StandardInput, chunk, ChunkSize);

        if (count < 0)
            return Marshal.GetLastPInvokeError() == LibC.EINTR;

        Pass(_detach.Take(new ReadOnlySpan<byte>(chunk, (int)count), out var isDetach));
        return count > 0 && !isDetach;
    }

    private void Pass(byte[] keys)
    {
        if (keys.Length > 0)
            _typed.Writer.TryWrite(keys);
    }
}
