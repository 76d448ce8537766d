namespace Supervisor.Client;

/// <summary>The one line of a service's reason that says most, for where there is no room for all of it. Pure.</summary>
public static class Headline
{
    // A verdict about a tool, which is followed by what the tool printed.
    private static readonly string[] Verdicts = ["validation ", "build "];

    private const string PythonFile = "File \"";
    private const string PythonLine = "\", line ";

    /// <param name="reason">As in <see cref="ServiceStatus.Reason"/>: a sentence, or a verdict about a tool followed by what the tool printed.</param>
    public static string Of(string reason)
    {
        var lines = Quoted(reason);

        return lines.LastOrDefault(IsException) is { } exception ? exception + Place(lines)
            : lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? (lines.Count > 0 ? lines[^1] : reason.Trim());
    }

    /// <summary>The lines that the tool printed; those of the reason itself, if it quotes none.</summary>
    public static IReadOnlyList<string> Quoted(string reason)
    {
        var start = Array.Exists(Verdicts, verdict => reason.StartsWith(verdict, StringComparison.Ordinal)) && reason.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon ? colon + 2 : 0;
        return [.. reason[start..].Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }

    // As Python ends a traceback: "SyntaxError: invalid syntax", "django.core.exceptions.ImproperlyConfigured: …", "AssertionError".
    private static bool IsException(string line)
    {
        var name = line.Split(':')[0];
        return !name.Contains(' ', StringComparison.Ordinal) && (name.Contains("Error", StringComparison.Ordinal) || name.Contains("Exception", StringComparison.Ordinal));
    }

    private static string Place(IReadOnlyList<string> lines)
    {
        var place = lines.Select(line => line.Trim()).LastOrDefault(line =>
            line.StartsWith(PythonFile, StringComparison.Ordinal) && line.Contains(PythonLine, StringComparison.Ordinal));

        if (place is null)
            return "";

        var end = place.IndexOf(PythonLine, StringComparison.Ordinal);
        var number = string.Concat(place[(end + PythonLine.Length)..].TakeWhile(char.IsAsciiDigit));
        return $": {Path.GetFileName(place[PythonFile.Length..end])}:{number}";
    }
}
