using System.Text.RegularExpressions;

namespace Supervisor.Supervision;

/// <summary>
/// Finds the line of a program's last output that most probably says why it failed: the end of its newest traceback, else its newest exception, else its
/// first error. Knows Python, Node, .NET, Java, Go, Rust, Ruby and plain messages. Pure.
/// </summary>
public static partial class FailureLine
{
    private const int MaxLength = 200;

    /// <summary>In ms. The patterns need microseconds; a process that is stopped in between may need any time.</summary>
    private const int PatternTimeout = 1_000;

    /// <param name="lines">Oldest first, as <see cref="OutputText.Plain"/> gives them.</param>
    /// <returns>At most 200 characters; null: no line looks like an error.</returns>
    public static string? In(IReadOnlyList<string> lines)
    {
        var index = EndOfTraceback(lines) ?? NewestException(lines) ?? FirstError(lines);
        return index is { } found ? Shortened(WithContinuation(lines, found)) : null;
    }

    public static string Shortened(string line) => line.Trim() is { Length: > MaxLength } text ? text[..(MaxLength - 1)] + "…" : line.Trim();

    /// <summary>The first line after the traceback's indented lines is the exception.</summary>
    private static int? EndOfTraceback(IReadOnlyList<string> lines)
    {
        var header = Last(lines, line => line.StartsWith("Traceback (most recent call last):", StringComparison.Ordinal));
        return header is { } start && Next(lines, start + 1, line => !char.IsWhiteSpace(line[0])) is { } end ? end : null;
    }

    private static int? NewestException(IReadOnlyList<string> lines) => Last(lines, line => Matches(Exception(), line));

    private static int? FirstError(IReadOnlyList<string> lines) =>
        Next(lines, 0, line => Matches(Error(), line) && !Matches(NoError(), line)) ?? Next(lines, 0, line => Matches(Refusal(), line));

    /// <summary>Rust and others print "… panicked at FILE:" and the message on the next line.</summary>
    private static string WithContinuation(IReadOnlyList<string> lines, int index) =>
        lines[index].EndsWith(':') && index + 1 < lines.Count ? $"{lines[index]} {lines[index + 1].Trim()}" : lines[index];

    private static bool Matches(Regex pattern, string line)
    {
        try
        {
            return pattern.IsMatch(line);
        }
        catch (RegexMatchTimeoutException)
        {
            // Another line, or none, will do.
            return false;
        }
    }

    private static int? Next(IReadOnlyList<string> lines, int from, Func<string, bool> matches)
    {
        for (var i = from; i < lines.Count; i++)
        {
            if (lines[i].Length > 0 && matches(lines[i]))
                return i;
        }

        return null;
    }

    private static int? Last(IReadOnlyList<string> lines, Func<string, bool> matches)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (matches(lines[i]))
                return i;
        }

        return null;
    }

    // "ValueError: …", "django.core.exceptions.ImproperlyConfigured: …", "Error [ERR_X]: …", "Unhandled exception. System.IO.IOException: …",
    // "Exception in thread …", "panic: …", "thread 'main' panicked at …", "app.rb:1:in 'f': … (NameError)".
    [GeneratedRegex(@"^(Uncaught |Unhandled exception\. )?[\w.$]*(Error|Exception|ImproperlyConfigured)( \[\w+\])?(:|$)|^Unhandled exception|^Exception in thread |^panic: |^fatal error: |\bpanicked at |^[^\s:]+:\d+:in .+ \(\w+\)$", RegexOptions.ExplicitCapture, PatternTimeout)]
    private static partial Regex Exception();

    [GeneratedRegex(@"\b(error|errors|fatal|panic|exception|critical|segmentation fault|err!)(\b|\s|:|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTimeout)]
    private static partial Regex Error();

    [GeneratedRegex(@"\b(0|no|without) (errors?|exceptions?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTimeout)]
    private static partial Regex NoError();

    [GeneratedRegex(@"\b(fail(ed|ure)?|cannot|can't|can not|could not|couldn't|unable to|not found|no such|denied|refused|already in use|in use|unknown|invalid|missing|abort(ed|ing)?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTimeout)]
    private static partial Regex Refusal();
}
