using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary>
/// Texts with variables, from what docker compose and process-compose make of <c>$</c> to what the configuration does. There, a variable that is not set is
/// empty; here it would be a mistake, so it gets an empty default. Pure.
/// </summary>
internal static partial class CarriedText
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "ksh", "fish"];

    /// <summary>A command line for <c>/bin/sh</c>, which knows all forms of variables itself.</summary>
    public static string ForShell(string text) => text.Replace("$$", "$", StringComparison.Ordinal).Trim();

    /// <summary>A command line for bash: only where it uses what <c>/bin/sh</c> may lack does it stay one.</summary>
    public static JsonNode ForBash(string text) => OnlyInBash().IsMatch(text) ? Literal(["bash", "-c", ForShell(text)]) : ForShell(text);

    /// <summary>A command as a list of words with variables.</summary>
    public static JsonArray Words(IReadOnlyList<string> words) => Json.List(words.Select((word, at) => Carried(word, IsScript(words, at))));

    /// <summary>A value with variables.</summary>
    public static string Value(string text) => Carried(text, isScript: false);

    /// <summary>A command as a list of words in which nothing is replaced.</summary>
    public static JsonArray Literal(IReadOnlyList<string> words) =>
        Json.List(words.Select((word, at) => IsScript(words, at) ? word.Replace("${", "$${", StringComparison.Ordinal) : Literal(word)));

    /// <summary>A value in which nothing is replaced.</summary>
    public static string Literal(string text) => SignOfReference().Replace(text, "$$$$");

    /// <param name="isScript">In a script for a shell, the configuration replaces only what has braces.</param>
    private static string Carried(string text, bool isScript) => Reference().Replace(text, match =>
    {
        if (match.Groups["double"].Success)
        {
            var next = match.Index + match.Length < text.Length ? text[match.Index + match.Length] : ' ';
            return next == '{' || (!isScript && (char.IsAsciiLetter(next) || next == '_')) ? "$$" : "$";
        }

        var name = match.Groups["plain"].Success ? match.Groups["plain"].Value : match.Groups["braced"].Value;
        var otherwise = match.Groups["operator"].Value.EndsWith('-') ? Carried(match.Groups["rest"].Value, isScript) : "";
        return $"${{{name}:-{otherwise}}}";
    });

    /// <summary>As in <c>bash -lc SCRIPT</c>.</summary>
    private static bool IsScript(IReadOnlyList<string> words, int at) =>
        at >= 2 && words[at - 1].StartsWith('-') && words[at - 1].EndsWith('c') && Shells.Contains(Path.GetFileName(words[at - 2]), StringComparer.Ordinal);

    [GeneratedRegex(@"\$(?:(?<double>\$)|(?<plain>[A-Za-z_][A-Za-z0-9_]*)|\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?<operator>:?[-?+])(?<rest>(?:[^{}]|\$\{[^{}]*\})*))?\})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\[\[|\bsource\s|<\(|\bpipefail\b|\bBASH_|\bdeclare\s|\blocal\s|&>|<<<|\$\{\w+(?:,,|\^\^|\[)|\bfunction\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OnlyInBash();

    [GeneratedRegex(@"\$(?=[A-Za-z_{])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SignOfReference();
}
