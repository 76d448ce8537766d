using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>The requests of a viewer to a host, whose pipe the parent names. Any number of viewers; none can block the host.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IHostOutput
{
    /// <summary>
    /// A page of the server's output from the host's ring. Pull, not push: a viewer that does not ask costs nothing, and one that asks too late gets
    /// the number of lines that it missed.
    /// </summary>
    /// <param name="after">Give lines after this number, oldest first; null: the last <paramref name="last"/> lines.</param>
    /// <param name="last">How many of the newest lines, when <paramref name="after"/> is null. Where they do not fit into a page, the older ones are left out.</param>
    /// <param name="waitMs">With no line to give: wait this long for one, at most 30,000 ms.</param>
    [JsonRpcMethod("host/logs")]
    Task<LogPage> LogsAsync(long? after, int last, int waitMs, CancellationToken cancellationToken = default);
}

/// <summary>
/// The channels of a host's pipe besides RPC. <see cref="Output"/> gives the content of the ring, oldest line first, and then every new line: bytes
/// in the log file's format, <c>TIME stream F|P text</c>. A viewer that reads too slowly gets <c>TIME missed F N</c> instead of the N lines that the
/// ring has dropped, also instead of those before the first line. <see cref="Terminal"/> is the terminal of a server that has one, in both directions, as <see
/// cref="TerminalFrame"/>s.
/// </summary>
public static class HostChannels
{
    public const string Output = "output";

    public const string Terminal = "terminal";

    /// <summary>
    /// Bytes of the longest part of a line. A part that is shorter by a letter or more is what the server had printed when it paused, such as a question.
    /// </summary>
    public const int LongestPart = 64 * 1024;

    /// <summary>In place of the stream's name where lines are missing.</summary>
    public const string Missed = "missed";
}

/// <param name="Lines">At most 1,000 lines and 128 KiB.</param>
/// <param name="Next">To be sent as the next query's <c>after</c>.</param>
/// <param name="Dropped">Lines between the asked-for number and the first one given that the ring no longer holds.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, long Next, long Dropped);

/// <param name="Stream">stdout, stderr, or host (messages of the host itself: started, refused, crashed).</param>
/// <param name="Text">Invalid UTF-8 is replaced by U+FFFD here; the log file has the bytes.</param>
/// <param name="Partial">The line continues in the next one of its stream: it was longer than 64 KiB, or its server paused within it.</param>
public sealed record LogLine(long Number, DateTimeOffset At, string Stream, string Text, bool Partial);
