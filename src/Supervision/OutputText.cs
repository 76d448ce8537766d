using System.Text.RegularExpressions;

namespace Supervisor.Supervision;

/// <summary>A line of a program's output as text for people. Pure.</summary>
public static partial class OutputText
{
    /// <summary>Without colours and control characters, which could change a terminal or a document; of a progress line the last state.</summary>
    public static string Plain(string line)
    {
        var text = line.Contains('\e', StringComparison.Ordinal) ? WithoutEscapes(line) : line;
        text = text.TrimEnd('\r');
        text = text[(text.LastIndexOf('\r') + 1)..];
        return (text.Any(char.IsControl) ? string.Concat(text.Where(character => character == '\t' || !char.IsControl(character))) : text).TrimEnd();
    }

    private static string WithoutEscapes(string line)
    {
        try
        {
            return Escapes().Replace(line, "");
        }
        catch (RegexMatchTimeoutException)
        {
            // This process was stopped meanwhile. Without the escape characters themselves the rest is harmless.
            return line;
        }
    }

    // CSI sequences (colours), OSC sequences (titles, links), and single-character escapes.
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\a\x1b]*(\a|\x1b\\)|\x1b[@-Z\\-_]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escapes();
}
