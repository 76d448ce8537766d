using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Host.Output.Interop;
using Supervisor.Processes;

namespace Supervisor.Host.Output;

/// <summary>Takes bytes of output as they are read. They are valid only during the call.</summary>
internal delegate void OutputTap(ReadOnlySpan<byte> output);

/// <summary>
/// Reads the output of one server into a sink on its own thread until its pipes, or its terminal, end. Constraints: the reader never waits for a viewer, so no viewer
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
    private readonly TimeSpan?[] _pausesAt;
    private readonly OutputTap _tap;
    private DateTimeOffset _readAt;

    private OutputPump(SafeFileHandle[] pipes, IOutputSink sink, OutputTap? tap, TimeProvider time)
    {
        _sink = sink;
        _time = time;
        _pipes = pipes;
        _pausesAt = new TimeSpan?[pipes.Length];
        _tap = tap ?? (static _ => { });
        _splitters = [.. Enumerable.Range(0, pipes.Length).Select(stream => Splitter((OutputStream)stream, isTerminal: tap is not null))];
        (_cancelRead, _cancelWrite) = AnonymousPipe.Create(large: false);
    }

    /// <summary>Starts reading. The caller owns the pipes and keeps them until <see cref="DrainAsync"/> returns.</summary>
    public static OutputPump Start(OutputPipes pipes, IOutputSink sink, TimeProvider time) =>
        Start(new OutputPump([pipes.OutputRead, pipes.ErrorRead], sink, tap: null, time));

    /// <summary>The server's terminal, in which both its streams are one. The caller owns it and keeps it until <see cref="DrainAsync"/> returns.</summary>
    /// <param name="tap">Gets the bytes as well, as they come, on the reading thread.</param>
    public static OutputPump Start(SafeFileHandle terminal, IOutputSink sink, OutputTap tap, TimeProvider time) =>
        Start(new OutputPump([terminal], sink, tap, time));

    private static OutputPump Start(OutputPump pump)
    {
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
        var cancelled = _pipes.Length;
        var polled = stackalloc LibC.PollFd[cancelled + 1];

        for (var i = 0; i < _pipes.Length; i++)
            polled[i] = new LibC.PollFd { Descriptor = (int)_pipes[i].DangerousGetHandle(), Events = LibC.POLLIN };

        polled[cancelled] = new LibC.PollFd { Descriptor = (int)_cancelRead.DangerousGetHandle(), Events = LibC.POLLIN };

        // poll(2) skips negative descriptors: a pipe at its end would be reported again and again.
        for (var open = _pipes.Length; open > 0;)
        {
            if (LibC.poll(polled, (nuint)cancelled + 1, MillisecondsToPause()) < 0)
                continue;

            if (polled[cancelled].Returned != 0)
                return;

            for (var i = 0; i < _pipes.Length; i++)
            {
                if (polled[i].Returned != 0 && !ReadChunk(i, chunk))
                {
                    polled[i].Descriptor = -1;
                    open--;
                }
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

        // A terminal that no program has any more ends with EIO.
        if (count < 0)
            return Marshal.GetLastPInvokeError() is LibC.EINTR or LibC.EAGAIN;

        if (count == 0)
            return false;

        _readAt = _time.GetUtcNow();
        var bytes = new ReadOnlySpan<byte>(chunk, (int)count);
        _tap(bytes);
        _splitters[pipe].Write(bytes);
        _pausesAt[pipe] = _splitters[pipe].HasOpenBytes ? _time.GetElapsedTime(0) + LinePause : null;
        _sink.Flush();
        return true;
    }

    private LineSplitter Splitter(OutputStream stream, bool isTerminal) =>
        new((line, partial) => _sink.Add(_readAt, stream, line, partial)) { IsTerminal = isTerminal };
}
