using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>What a viewer asks of a host that the parent introduced it to. Any number of viewers; none can hold the host up.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IHostOutput
{
    /// <summary>
    /// A page of the server's output from the host's ring. Pull, not push: a viewer that does not ask costs nothing, and one that asks
    /// too late is told how much it missed.
    /// </summary>
    /// <param name="after">Give lines after this number; null: the last <paramref name="last"/> lines.</param>
    /// <param name="last">How many of the newest lines, when <paramref name="after"/> is null.</param>
    /// <param name="waitMs">With no line to give: wait this long for one, at most 30,000 ms.</param>
    [JsonRpcMethod("host/logs")]
    Task<LogPage> LogsAsync(long? after, int last, int waitMs, CancellationToken cancellationToken = default);
}

/// <summary>
/// The channels of a host's pipe besides that of RPC. <see cref="Output"/> gives what the ring holds, oldest line first, and then every line as it comes: bytes
/// in the log file's format, <c>TIME stream F|P text</c>. A viewer that reads too slowly finds <c>TIME missed F N</c> in the place of the N lines that the
/// ring has given up, also in the place of those before the first one.
/// </summary>
public static class HostChannels
{
    public const string Output = "output";

    /// <summary>What stands for the stream's name where lines are missing.</summary>
    public const string Missed = "missed";
}

/// <param name="Lines">At most 1,000 lines and 128 KiB.</param>
/// <param name="Next">To be sent as the next query's <c>after</c>.</param>
/// <param name="Dropped">Lines between the asked-for number and the first one given that the ring no longer holds.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, long Next, long Dropped);

/// <param name="Stream">stdout, stderr, or host (what the host itself says: started, refused, crashed).</param>
/// <param name="Text">Invalid UTF-8 is replaced by U+FFFD here; the log file has the bytes.</param>
/// <param name="Partial">The line goes on in the next one: it was longer than 64 KiB.</param>
public sealed record LogLine(long Number, DateTimeOffset At, string Stream, string Text, bool Partial);
