using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>
/// Long lines, put together from the parts in which a host keeps them. The two streams of a server have lines of their own; a server that has ended, or its
/// host, may leave one without an end. Pure.
/// </summary>
internal static class WholeLines
{
    /// <summary>A line that is longer is shown in pieces of about this length, in bytes or characters: a server may never end its line.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private const string GoodStarted = HostLines.Good + HostLines.Started;
    private static readonly byte[] StartedBytes = Encoding.UTF8.GetBytes(HostLines.Started);
    private static readonly byte[] GoodStartedBytes = Encoding.UTF8.GetBytes(GoodStarted);

    /// <summary>A line has the number and the time of its last part.</summary>
    public static IEnumerable<LogLine> Of(IEnumerable<LogLine> parts)
    {
        var open = new Dictionary<string, List<LogLine>>(StringComparer.Ordinal);

        foreach (var part in parts)
        {
            if (BeginsServer(part))
            {
                foreach (var unended in Rest(open))
                    yield return unended;
            }

            var isOpen = open.TryGetValue(part.Stream, out var line);

            if (!part.Partial && !isOpen)
            {
                yield return part;
                continue;
            }

            (line ??= open[part.Stream] = []).Add(part);

            if (part.Partial && line.Sum(piece => (long)piece.Text.Length) < MaxLength)
                continue;

            open.Remove(part.Stream);
            yield return Joined(line);
        }

        foreach (var unended in Rest(open))
            yield return unended;
    }

    /// <summary>What the server before it has not ended stays so.</summary>
    /// <param name="line">Of the host itself.</param>
    public static bool BeginsServer(in OutputLine line) => line.Text.StartsWith(StartedBytes) || line.Text.StartsWith(GoodStartedBytes);

    private static bool BeginsServer(LogLine line) =>
        line.Stream == HostLines.Stream && (line.Text.StartsWith(HostLines.Started, StringComparison.Ordinal) || line.Text.StartsWith(GoodStarted, StringComparison.Ordinal));

    private static List<LogLine> Rest(Dictionary<string, List<LogLine>> open)
    {
        var rest = open.Values.Select(Joined).OrderBy(line => line.At).ToList();
        open.Clear();
        return rest;
    }

    private static LogLine Joined(List<LogLine> parts) => parts[^1] with { Text = string.Concat(parts.Select(part => part.Text)), Partial = false };
}
