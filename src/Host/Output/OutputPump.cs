using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Host.Output.Interop;
using Supervisor.Processes;

namespace Supervisor.Host.Output;

/// <summary>
/// Reads the output of one server into a sink until both its pipes have ended, on a thread of its own. Constraints: whoever reads
/// never waits for a viewer, so the server is never held up by one; a grandchild that keeps a pipe open must not keep us, so the
/// thread can be called off, which closing a descriptor under a blocked read would not do.
/// </summary>
internal sealed class OutputPump : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly SafeFileHandle[] _pipes;
    private readonly LineSplitter[] _splitters;
    private readonly SafeFileHandle _callOffRead;
    private readonly SafeFileHandle _callOffWrite;
    private readonly IOutputSink _sink;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _arrived;

    private OutputPump(OutputPipes pipes, IOutputSink sink, TimeProvider time)
    {
        _sink = sink;
        _time = time;
        _pipes = [pipes.OutputRead, pipes.ErrorRead];
        _splitters = [Splitter(OutputStream.Stdout), Splitter(OutputStream.Stderr)];
        (_callOffRead, _callOffWrite) = OwnPipe.Create(large: false);
    }

    /// <summary>Starts reading. The pipes stay the caller's, who keeps them until <see cref="DrainAsync"/> has returned.</summary>
    public static OutputPump Start(OutputPipes pipes, IOutputSink sink, TimeProvider time)
    {
        var pump = new OutputPump(pipes, sink, time);
        new Thread(pump.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "output" }.Start();
        return pump;
    }

    /// <summary>The server is gone: waits for the end of its output, at most so long, and leaves the rest to whoever still holds the pipe.</summary>
    public async Task DrainAsync(TimeSpan within)
    {
        try
        {
            await _ended.Task.WaitAsync(within, _time);
        }
        catch (TimeoutException)
        {
            // A process that outlived the server holds the pipe: what it will say is not this server's output any more.
        }

        _callOffWrite.Dispose();
        await _ended.Task;
    }

    public void Dispose()
    {
        _callOffWrite.Dispose();
        _callOffRead.Dispose();
    }

    private void Run()
    {
        try
        {
            Pump();
        }
        finally
        {
            foreach (var splitter in _splitters)
                splitter.Finish();

            _sink.Flush();
            _ended.TrySetResult();
        }
    }

    private unsafe void Pump()
    {
        var chunk = new byte[ChunkSize];
        var polled = stackalloc LibC.PollFd[3];

        for (var i = 0; i < _pipes.Length; i++)
            polled[i] = new LibC.PollFd { Descriptor = (int)_pipes[i].DangerousGetHandle(), Events = LibC.POLLIN };

        polled[2] = new LibC.PollFd { Descriptor = (int)_callOffRead.DangerousGetHandle(), Events = LibC.POLLIN };

        // A negative descriptor is left out by poll(2): a pipe that has ended must not be reported for ever.
        while (polled[0].Descriptor >= 0 || polled[1].Descriptor >= 0)
        {
            if (LibC.poll(polled, 3, -1) < 0)
                continue;

            if (polled[2].Returned != 0)
                return;

            for (var i = 0; i < _pipes.Length; i++)
            {
                if (polled[i].Returned != 0 && !ReadChunk(i, chunk))
                    polled[i].Descriptor = -1;
            }
        }
    }

    private unsafe bool ReadChunk(int pipe, byte[] chunk)
    {
        nint count;

        fixed (byte* buffer = chunk)
            count = LibC.read(_pipes[pipe], buffer, ChunkSize);

        if (count < 0)
            return Marshal.GetLastPInvokeError() == LibC.EINTR;

        if (count == 0)
            return false;

        _arrived = _time.GetUtcNow();
        _splitters[pipe].Write(chunk.AsSpan(0, (int)count));
        _sink.Flush();
        return true;
    }

    private LineSplitter Splitter(OutputStream stream) =>
        new((line, partial) => _sink.Add(_arrived, stream, line, partial));
}
