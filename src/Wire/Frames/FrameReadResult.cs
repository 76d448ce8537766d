namespace Supervisor.Wire.Frames;

/// <summary>The result of reading the next frame.</summary>
internal abstract record FrameReadResult
{
    /// <summary>One whole message; the bytes belong to the receiver.</summary>
    internal sealed record Body(ReadOnlyMemory<byte> Bytes) : FrameReadResult;

    /// <summary>The stream has ended.</summary>
    internal sealed record Closed(string Why) : FrameReadResult;

    /// <summary>The other end broke the framing or a limit: it gets an error, then the link is closed.</summary>
    /// <param name="Why">A text that suits both ends.</param>
    internal sealed record Refused(int Code, string Why) : FrameReadResult;
}
