using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Supervisor.Processes;

namespace Supervisor.Host.Terminals;

/// <summary>Serves the terminal channel of one viewer until the viewer closes it.</summary>
/// <param name="terminal">null: the service has none, which the viewer is told.</param>
/// <param name="pid">Of the viewer.</param>
internal sealed class TerminalAttachment(string service, ServiceTerminal? terminal, int pid, TimeProvider time)
{
    private const int SizeLength = 4;

    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often keys are offered to a server that does not read its terminal.</summary>
    private static readonly TimeSpan TypePause = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(IDuplexPipe channel, CancellationToken ended)
    {
        // The end of this method without that of the channel closes the viewer's connection.
        if (await HelloAsync(channel.Input, ended) is not { } viewer)
            return;

        if (terminal is null)
        {
            await RefuseAsync(channel.Output, ended);
            return;
        }

        terminal.Join(viewer);

        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ended);
            Task[] both = [ShowAsync(terminal, viewer, channel.Output, over.Token), TakeKeysAsync(terminal, viewer, channel.Input, over.Token)];
            await Task.WhenAny(both);
            await over.CancelAsync();
            await Task.WhenAll(both);
        }
        finally
        {
            terminal.Leave(viewer);
        }
    }

    /// <returns>null: the viewer has left, or does not speak as agreed.</returns>
    private async Task<TerminalViewer?> HelloAsync(PipeReader input, CancellationToken ended)
    {
        using var late = new CancellationTokenSource(HelloTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ended);

        try
        {
            return await ReadHelloAsync(input, either.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<TerminalViewer?> ReadHelloAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var received = read.Buffer;

            if (TerminalFrame.TryTake(ref received, out var frame))
            {
                var viewer = frame is { Kind: TerminalFrameKind.Attach, Content.Length: 1 + SizeLength } ? ViewerIn(frame.Content.ToArray()) : null;
                input.AdvanceTo(received.Start);
                return viewer;
            }

            input.AdvanceTo(received.Start, received.End);

            if (read.IsCompleted)
                return null;
        }
    }

    private TerminalViewer ViewerIn(ReadOnlySpan<byte> hello) => new(pid, wantsToType: hello[0] == 1, SizeIn(hello[1..]));

    private async Task RefuseAsync(PipeWriter output, CancellationToken ended)
    {
        var reason = $"{service} has no terminal; write \"tty\": true into \"{service}\" in supervisor.json, then run \"supervisor reload\"";
        TerminalFrame.Write(output, TerminalFrameKind.End, [(byte)ExitCode.BadUsage, .. Encoding.UTF8.GetBytes(reason)]);
        await output.FlushAsync(ended);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ended);
    }

    private static async Task ShowAsync(ServiceTerminal terminal, TerminalViewer viewer, PipeWriter output, CancellationToken over)
    {
        try
        {
            while (true)
            {
                if (!terminal.TryTake(viewer, output, out var arrival))
                    await arrival.WaitAsync(over);
                else if ((await output.FlushAsync(over)).IsCompleted)
                    return;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The viewer has left.
        }
    }

    private async Task TakeKeysAsync(ServiceTerminal terminal, TerminalViewer viewer, PipeReader input, CancellationToken over)
    {
        try
        {
            while (await TakeNextAsync(terminal, viewer, input, over))
            {
            }
        }
        catch (Exception e) when (e is InvalidDataException || (e is OperationCanceledException && over.IsCancellationRequested))
        {
            // The viewer does not speak as agreed, or has left.
        }
    }

    private async Task<bool> TakeNextAsync(ServiceTerminal terminal, TerminalViewer viewer, PipeReader input, CancellationToken over)
    {
        var read = await input.ReadAsync(over);
        var received = read.Buffer;

        while (TerminalFrame.TryTake(ref received, out var frame))
            await TakeAsync(terminal, viewer, frame, over);

        input.AdvanceTo(received.Start, received.End);
        return !read.IsCompleted;
    }

    private async Task TakeAsync(ServiceTerminal terminal, TerminalViewer viewer, TerminalFrame frame, CancellationToken over)
    {
        switch (frame.Kind)
        {
            case TerminalFrameKind.Size when frame.Content.Length == SizeLength:
                terminal.Resize(viewer, SizeIn(frame.Content.ToArray()));
                break;

            case TerminalFrameKind.Keys:
                await TypeAsync(terminal, viewer, frame.Content.ToArray(), over);
                break;
        }
    }

    /// <summary>A server that reads nothing lets its typist wait, as in any terminal, until it ends or the typist leaves.</summary>
    private async Task TypeAsync(ServiceTerminal terminal, TerminalViewer viewer, ReadOnlyMemory<byte> keys, CancellationToken over)
    {
        while (!keys.IsEmpty && terminal.TypedBy(viewer)?.Type(keys.Span) is { } count)
        {
            keys = keys[count..];

            if (count == 0)
                await Task.Delay(TypePause, time, over);
        }
    }

    private static WindowSize SizeIn(ReadOnlySpan<byte> size) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(size), BinaryPrimitives.ReadUInt16BigEndian(size[2..]));
}
