using System.Buffers;
using System.Buffers.Binary;

namespace Supervisor.Client;

/// <summary>What a frame of <see cref="HostChannels.Terminal"/> means. Numbers are big-endian.</summary>
public enum TerminalFrameKind : byte
{
    /// <summary>From a viewer, first and only once: a byte (1: wants to type, 0: only looks), then as in <see cref="Size"/>.</summary>
    Attach = (byte)'A',

    /// <summary>From a viewer: the columns and rows of its window, 16 bits each. That of the viewer who types counts.</summary>
    Size = (byte)'S',

    /// <summary>From a viewer: what was typed. Dropped unless this viewer types and a server runs.</summary>
    Keys = (byte)'K',

    /// <summary>From the host: what the server has printed, and lines of the host about the service.</summary>
    Output = (byte)'O',

    /// <summary>From the host, first and at every change: a byte (1: this viewer types, 0: it looks), then the process id of the viewer who types, 32 bits (0: nobody).</summary>
    Role = (byte)'R',

    /// <summary>From the host, last: an <see cref="ExitCode"/> as a byte, then the reason in UTF-8. The viewer closes the channel.</summary>
    End = (byte)'E',
}

/// <summary>
/// One frame of <see cref="HostChannels.Terminal"/>: the kind, the length of the content in 16 bits, the content.
/// </summary>
/// <param name="Content">At most <see cref="MaxContent"/> bytes.</param>
public readonly record struct TerminalFrame(TerminalFrameKind Kind, ReadOnlySequence<byte> Content)
{
    public const int MaxContent = 16 * 1024;

    /// <summary>Of the kind and the length.</summary>
    public const int HeaderLength = 3;

    /// <summary>Longer content is split into several frames; there is always one.</summary>
    public static void Write(IBufferWriter<byte> output, TerminalFrameKind kind, ReadOnlySpan<byte> content)
    {
        do
        {
            var part = content[..Math.Min(content.Length, MaxContent)];
            var target = output.GetSpan(HeaderLength + part.Length);
            target[0] = (byte)kind;
            BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)part.Length);
            part.CopyTo(target[HeaderLength..]);
            output.Advance(HeaderLength + part.Length);
            content = content[part.Length..];
        }
        while (!content.IsEmpty);
    }

    /// <summary>Takes the first frame from what has arrived; false: it has not arrived as a whole.</summary>
    /// <exception cref="InvalidDataException">The frame is too long.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> received, out TerminalFrame frame)
    {
        frame = default;

        if (received.Length < HeaderLength)
            return false;

        Span<byte> header = stackalloc byte[HeaderLength];
        received.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header[1..]);

        if (length > MaxContent)
            throw new InvalidDataException($"A frame of a terminal has {length} bytes; {MaxContent} are allowed.");

        if (received.Length < HeaderLength + length)
            return false;

        frame = new TerminalFrame((TerminalFrameKind)header[0], received.Slice(HeaderLength, length));
        received = received.Slice(HeaderLength + length);
        return true;
    }
}
