using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Host.Output.Interop;
using Supervisor.Processes;

namespace Supervisor.Host.Output;

/// <summary>
/// Reads the output of one server into a sink on its own thread until both pipes end. Constraints: the reader never waits for a viewer, so no viewer
/// blocks the server. A grandchild that keeps a pipe open must not block us, so the thread can be cancelled; closing a descriptor does not end a blocked
/// read.
/// </summary>
internal sealed class OutputPump : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>A line whose end does not come within this time is a question, or progress: it is delivered as far as it goes.</summary>
    private static readonly TimeSpan LinePause = TimeSpan.FromMilliseconds(500);

    private readonly SafeFileHandle[] _pipes;
    private readonly LineSplitter[] _splitters;
    private readonly SafeFileHandle _cancelRead;
    private readonly SafeFileHandle _cancelWrite;
    private readonly IOutputSink _sink;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan?[] _pausesAt = new TimeSpan?[2];
    private DateTimeOffset _readAt;

    private OutputPump(OutputPipes pipes, IOutputSink sink, TimeProvider time)
    {
        _sink = sink;
        _time = time;
        _pipes = [pipes.OutputRead, pipes.ErrorRead];
        _splitters = [Splitter(OutputStream.Stdout), Splitter(OutputStream.Stderr)];
        (_cancelRead, _cancelWrite) = AnonymousPipe.Create(large: false);
    }

    /// <summary>Starts reading. The caller owns the pipes and keeps them until <see cref="DrainAsync"/> returns.</summary>
    public static OutputPump Start(OutputPipes pipes, IOutputSink sink, TimeProvider time)
    {
        var pump = new OutputPump(pipes, sink, time);
        new Thread(pump.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "output" }.Start();
        return pump;
    }

    /// <summary>Called after the server's exit: waits for the end of its output, at most this long, and drops the rest.</summary>
    public async Task DrainAsync(TimeSpan within)
    {
        try
        {
            await _ended.Task.WaitAsync(within, _time);
        }
        catch (TimeoutException)
        {
            // A process that outlived the server holds the pipe. Its later output does not belong to this server.
        }

        _cancelWrite.Dispose();
        await _ended.Task;
    }

    public void Dispose()
    {
        _cancelWrite.Dispose();
        _cancelRead.Dispose();
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
        // Native memory: only the pages that output was read into are ever resident, and a quiet server fills one.
        var chunk = (byte*)NativeMemory.Alloc(ChunkSize);

        try
        {
            Pump(chunk);
        }
        finally
        {
            NativeMemory.Free(chunk);
        }
    }

    private unsafe void Pump(byte* chunk)
    {
        var polled = stackalloc LibC.PollFd[3];

        for (var i = 0; i < _pipes.Length; i++)
            polled[i] = new LibC.PollFd { Descriptor = (int)_pipes[i].DangerousGetHandle(), Events = LibC.POLLIN };

        polled[2] = new LibC.PollFd { Descriptor = (int)_cancelRead.DangerousGetHandle(), Events = LibC.POLLIN };

        // poll(2) skips negative descriptors: a pipe at its end would be reported again and again.
        while (polled[0].Descriptor >= 0 || polled[1].Descriptor >= 0)
        {
            if (LibC.poll(polled, 3, MillisecondsToPause()) < 0)
                continue;

            if (polled[2].Returned != 0)
                return;

            for (var i = 0; i < _pipes.Length; i++)
            {
                if (polled[i].Returned != 0 && !ReadChunk(i, chunk))
                    polled[i].Descriptor = -1;
            }

            DeliverPaused();
        }
    }

    /// <summary>-1: no line is open.</summary>
    private int MillisecondsToPause() =>
        _pausesAt.Min() is { } first ? (int)Math.Ceiling(Math.Max(0, (first - _time.GetElapsedTime(0)).TotalMilliseconds)) : -1;

    private void DeliverPaused()
    {
        for (var i = 0; i < _splitters.Length; i++)
        {
            if (_pausesAt[i] <= _time.GetElapsedTime(0))
            {
                _splitters[i].Pause();
                _sink.Flush();
                _pausesAt[i] = null;
            }
        }
    }

    private unsafe bool ReadChunk(int pipe, byte* chunk)
    {
        var count = LibC.read(_pipes[pipe], chunk, ChunkSize);

        if (count < 0)
            return Marshal.GetLastPInvokeError() == LibC.EINTR;

        if (count == 0)
            return false;

        _readAt = _time.GetUtcNow();
        _splitters[pipe].Write(new ReadOnlySpan<byte>(chunk, (int)count));
        _pausesAt[pipe] = _splitters[pipe].HasOpenBytes ? _time.GetElapsedTime(0) + LinePause : null;
        _sink.Flush();
        return true;
    }

    private LineSplitter Splitter(OutputStream stream) =>
        new((line, partial) => _sink.Add(_readAt, stream, line, partial));
}
