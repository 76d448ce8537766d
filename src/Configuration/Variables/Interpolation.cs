using System.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> in a text; the default counts where the variable is not set or empty, and may hold variables itself.
/// <c>$${</c> is a literal <c>${</c>. Everything else stays as it is, <c>$NAME</c> too: in a command it is often a shell's.
/// </summary>
internal static class Interpolation
{
    private const string Open = "${";
    private const string Escaped = "$${";
    private const string Default = ":-";

    public static bool Concerns(string text) => text.Contains(Open, StringComparison.Ordinal);

    /// <param name="mistake">Called with each mistake, to follow the value; the result is then of no use.</param>
    public static string Expand(string text, VariableScope scope, Action<string> mistake)
    {
        var expanded = new StringBuilder();
        var at = 0;

        while (at < text.Length)
        {
            if (Follows(text, at, Escaped))
            {
                expanded.Append(Open);
                at += Escaped.Length;
            }
            else if (!Follows(text, at, Open))
            {
                expanded.Append(text[at++]);
            }
            else if (EndOf(text, at) is { } end)
            {
                expanded.Append(ValueOf(text[(at + Open.Length)..end], scope, mistake));
                at = end + 1;
            }
            else
            {
                mistake("has a \"${\" without its \"}\"; write \"$${\" for a literal \"${\"");
                return text;
            }
        }

        return expanded.ToString();
    }

    private static string ValueOf(string reference, VariableScope scope, Action<string> mistake)
    {
        var name = string.Concat(reference.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        var rest = reference[name.Length..];

        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || (rest.Length > 0 && !rest.StartsWith(Default, StringComparison.Ordinal)))
        {
            mistake($"holds ${{{reference}}}, which is neither ${{NAME}} nor ${{NAME:-default}}; write $${{{reference}}} for a literal");
            return "";
        }

        if (scope.Unknown.TryGetValue(name, out var why))
        {
            mistake($"uses ${{{name}}}, {why}");
            return "";
        }

        if (scope[name] is { } value && (value.Length > 0 || rest.Length == 0))
            return value;

        if (rest.Length > 0)
            return Expand(rest[Default.Length..], scope, mistake);

        var nearest = Suggestion.For(name, scope.Names);
        mistake($"uses ${{{name}}}, which is not set{nearest}{(nearest.Length > 0 ? "" : ";")} set it, or give a default: ${{{name}:-…}}");
        return "";
    }

    /// <summary>The position of the brace that closes the one at <paramref name="start"/>; null: there is none.</summary>
    private static int? EndOf(string text, int start)
    {
        var depth = 0;

        for (var i = start; i < text.Length; i++)
        {
            if (Follows(text, i, Open))
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        }

        return null;
    }

    private static bool Follows(string text, int at, string token) => string.CompareOrdinal(text, at, token, 0, token.Length) == 0;
}
