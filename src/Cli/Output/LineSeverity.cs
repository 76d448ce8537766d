using System.Text.Json;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Output;

/// <summary>
/// The severity that a server has written into a line: as a member of a JSON object, as <c>level=…</c>, as a word near the beginning, or by the form of a compiler's
/// message or of an exception. Pure.
/// </summary>
internal static partial class LineSeverity
{
    private const int Longest = 4_096;
    private const string Words =
        "trace|trce|verbose|debug|dbug|dbg|information|info|inf|notice|warning|warn|wrn|error|eror|err|fail|fatal|ftl|critical|crit|severe|panic|alert|emerg";

    private static readonly string[] Members = ["level", "severity", "levelname", "@l", "lvl", "log.level", "loglevel"];

    /// <returns>null: it says none.</returns>
    public static LogSeverity? Of(string line)
    {
        try
        {
            var text = Colours().Replace(line.Length > Longest ? line[..Longest] : line, "").TrimStart();
            return text.StartsWith('{') && OfJson(line) is { } member ? member : OfText(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static LogSeverity? OfText(string text)
    {
        if (Assigned().Match(text) is { Success: true } assigned && SeverityWords.Of(assigned.Groups["word"].Value) is { } severity)
            return severity;

        if (AtBeginning().Match(text) is { Success: true } first && IsMeant(first.Groups["word"].Value, first.Groups["after"].Value))
            return SeverityWords.Of(first.Groups["word"].Value);

        if (InBrackets().Match(text) is { Success: true } bracketed)
            return SeverityWords.Of(bracketed.Groups["word"].Value);

        if (OfCompiler().Match(text) is { Success: true } told)
            return SeverityWords.Of(told.Groups["word"].Value);

        if (OfGlog().Match(text) is { Success: true } letter)
            return letter.Groups["letter"].Value switch { "I" => LogSeverity.Info, "W" => LogSeverity.Warning, _ => LogSeverity.Error };

        return Exception().IsMatch(text) ? LogSeverity.Error : null;
    }

    /// <summary>In capitals it is a severity; in other letters it may be any word, unless a sign follows.</summary>
    private static bool IsMeant(string word, string after) => word.All(char.IsAsciiLetterUpper) ? after != "_" && after != "=" : after is ":" or "]" or ">" or "|" or "!";

    private static LogSeverity? OfJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);

            foreach (var member in document.RootElement.EnumerateObject().Where(member => Members.Contains(member.Name, StringComparer.OrdinalIgnoreCase)))
            {
                if (member.Value.ValueKind == JsonValueKind.String && SeverityWords.Of(member.Value.GetString()!) is { } word)
                    return word;

                // As pino and bunyan count them.
                if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) && number is >= 10 and <= 60)
                    return number < 30 ? LogSeverity.Debug : number < 40 ? LogSeverity.Info : number < 50 ? LogSeverity.Warning : LogSeverity.Error;
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\x1b\[[0-9:;]*m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Colours();

    [GeneratedRegex(@"(?:^|\s)(?:level|lvl|severity)=""?(?<word>[A-Za-z]+)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Assigned();

    /// <summary>Behind a time, a number, a sign.</summary>
    [GeneratedRegex(@"^(?:[^A-Za-z]|(?<=[0-9])[TZ]|(?:UTC|GMT|npm|[EWIDF](?=,)|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b){0,80}?(?<![A-Za-z])(?<word>" + Words + @")(?![A-Za-z0-9])(?<after>.?)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex AtBeginning();

    [GeneratedRegex(@"^.{0,100}?[\[(<]\s?(?<word>" + Words + @")\s?[\])>]", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex InBrackets();

    /// <summary>As in <c>a.ts(1,2): error TS1005: …</c> and <c>a.c:1:2: warning: …</c>.</summary>
    [GeneratedRegex(@":\s(?:fatal\s)?(?<word>error|warning)(?:\s[A-Z]+[0-9]+)?:", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex OfCompiler();

    [GeneratedRegex(@"^(?<letter>[IWEF])[0-9]{4}\s[0-9]{2}:", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex OfGlog();

    [GeneratedRegex(@"^(?:Traceback \(most recent call last\):|(?:Uncaught |Unhandled )?[A-Za-z_$][A-Za-z0-9_.$]*(?:Error|Exception)(?::|\s|$)|Unhandled exception|panic:|fatal error:|thread '.*' panicked|During handling of the above exception|The above exception was the direct cause)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Exception();
}
