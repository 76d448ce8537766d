using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Supervisor.Processes;

namespace Supervisor.Cli.Attaching;

/// <summary>What a host says on its terminal channel, besides output.</summary>
internal abstract record TerminalNews
{
    /// <param name="IsTypist">This terminal types.</param>
    /// <param name="TypistPid">The process that does; 0: nobody.</param>
    internal sealed record Role(bool IsTypist, int TypistPid) : TerminalNews;

    internal sealed record End(ExitCode ExitCode, string Reason) : TerminalNews;
}

/// <summary>The viewer's end of a <see cref="HostChannels.Terminal"/>. One reader and one writer at a time. Does not own the channel.</summary>
internal sealed class TerminalChannel(IDuplexPipe channel)
{
    private const int RoleLength = 5;

    public async Task AttachAsync(bool wantsToType, WindowSize window, CancellationToken cancellationToken)
    {
        TerminalFrame.Write(channel.Output, TerminalFrameKind.Attach, [(byte)(wantsToType ? 1 : 0), .. Bytes(window)]);
        await channel.Output.FlushAsync(cancellationToken);
    }

    public async Task ResizeAsync(WindowSize window, CancellationToken cancellationToken)
    {
        TerminalFrame.Write(channel.Output, TerminalFrameKind.Size, Bytes(window));
        await channel.Output.FlushAsync(cancellationToken);
    }

    /// <summary>Completes when the host can take more.</summary>
    public async Task TypeAsync(ReadOnlyMemory<byte> keys, CancellationToken cancellationToken)
    {
        TerminalFrame.Write(channel.Output, TerminalFrameKind.Keys, keys.Span);
        await channel.Output.FlushAsync(cancellationToken);
    }

    /// <summary>The host closes the connection when it has read what was written before.</summary>
    public void EndTyping() => channel.Output.Complete();

    /// <summary>Reads until there is news.</summary>
    /// <param name="show">Gets the output before it. The bytes are valid only during the call.</param>
    /// <returns>null: the host has gone.</returns>
    public async Task<TerminalNews?> NextAsync(Action<ReadOnlySequence<byte>> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await channel.Input.ReadAsync(cancellationToken);
            var received = read.Buffer;
            TerminalNews? news = null;

            while (news is null && TerminalFrame.TryTake(ref received, out var frame))
            {
                if (frame.Kind == TerminalFrameKind.Output)
                    show(frame.Content);
                else
                    news = NewsIn(frame.Kind, frame.Content.ToArray());
            }

            channel.Input.AdvanceTo(received.Start, news is null ? received.End : received.Start);

            if (news is not null || read.IsCompleted)
                return news;
        }
    }

    // A later host may say more: what is not known is passed over.
    private static TerminalNews? NewsIn(TerminalFrameKind kind, ReadOnlySpan<byte> content) => kind switch
    {
        TerminalFrameKind.Role when content.Length >= RoleLength => new TerminalNews.Role(content[0] == 1, BinaryPrimitives.ReadInt32BigEndian(content[1..])),
        TerminalFrameKind.End when content.Length > 0 => new TerminalNews.End((ExitCode)content[0], Encoding.UTF8.GetString(content[1..])),
        _ => null,
    };

    private static byte[] Bytes(WindowSize window)
    {
        var bytes = new byte[2 * sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, window.Columns);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(sizeof(ushort)), window.Rows);
        return bytes;
    }
}
