namespace Supervisor.Wire.Frames;

/// <summary>What came of waiting for the next message.</summary>
internal abstract record FrameReadResult
{
    /// <summary>One whole message; the bytes belong to the receiver.</summary>
    internal sealed record Body(ReadOnlyMemory<byte> Bytes) : FrameReadResult;

    /// <summary>Nothing more will come.</summary>
    internal sealed record Closed(string Why) : FrameReadResult;

    /// <summary>The other end broke the framing or a limit: to be told so, then closed.</summary>
    /// <param name="Why">In words that fit both ends.</param>
    internal sealed record Refused(int Code, string Why) : FrameReadResult;
}
