using System.Buffers;
using System.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// Replaces <c>${NAME}</c>, <c>$NAME</c> and <c>${NAME:-default}</c> in a text; the default counts where the variable is not set or empty, and may hold
/// variables itself. <c>$${</c> is a literal <c>${</c>, and <c>$$NAME</c> a literal <c>$NAME</c>. A <c>$</c> before anything else stays as it is.
/// </summary>
internal static class Interpolation
{
    private const char Sign = '$';
    private const string Open = "${";
    private const string Default = ":-";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private enum Reference
    {
        None,
        Plain,
        Braced,
    }

    public static bool Concerns(string text) => text.Contains(Sign, StringComparison.Ordinal);

    /// <param name="mistake">Called with each mistake, to follow the value; the result is then of no use.</param>
    public static string Expand(string text, VariableScope scope, Action<string> mistake) => Expand(text, scope, At, mistake);

    /// <summary>Leaves <c>$NAME</c> and <c>$$</c> before a name alone: in a script for a shell, they are the shell's.</summary>
    /// <param name="mistake">Called with each mistake, to follow the value; the result is then of no use.</param>
    public static string ExpandBraced(string text, VariableScope scope, Action<string> mistake) =>
        Expand(text, scope, (value, at) => At(value, at) == Reference.Braced ? Reference.Braced : Reference.None, mistake);

    private static string Expand(string text, VariableScope scope, Func<string, int, Reference> referenceAt, Action<string> mistake)
    {
        var expanded = new StringBuilder();
        var at = 0;

        while (at < text.Length)
        {
            switch (referenceAt(text, at))
            {
                case Reference.Plain:
                    var name = NameIn(text, at + 1);
                    expanded.Append(ValueOf(name, $"${name}", scope, mistake) ?? Missing(name, $"${name}", $" write $${name} for a literal ${name},", scope, mistake));
                    at += 1 + name.Length;
                    break;

                case Reference.Braced when EndOf(text, at) is { } end:
                    expanded.Append(ValueInBraces(text[(at + Open.Length)..end], scope, referenceAt, mistake));
                    at = end + 1;
                    break;

                case Reference.Braced:
                    mistake("has a \"${\" without its \"}\"; write \"$${\" for a literal \"${\"");
                    return text;

                case var _ when text[at] == Sign && referenceAt(text, at + 1) != Reference.None:
                    // The second sign, and what would make a reference of it.
                    expanded.Append(text, at + 1, Open.Length);
                    at += 1 + Open.Length;
                    break;

                default:
                    expanded.Append(text[at++]);
                    break;
            }
        }

        return expanded.ToString();
    }

    private static Reference At(string text, int at) => at + 1 >= text.Length || text[at] != Sign ? Reference.None : text[at + 1] switch
    {
        '{' => Reference.Braced,
        '_' => Reference.Plain,
        var c => char.IsAsciiLetter(c) ? Reference.Plain : Reference.None,
    };

    private static string NameIn(string text, int start)
    {
        var length = text.AsSpan(start).IndexOfAnyExcept(NameCharacters);
        return length < 0 ? text[start..] : text.Substring(start, length);
    }

    private static string ValueInBraces(string reference, VariableScope scope, Func<string, int, Reference> referenceAt, Action<string> mistake)
    {
        var name = NameIn(reference, 0);
        var rest = reference[name.Length..];

        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || (rest.Length > 0 && !rest.StartsWith(Default, StringComparison.Ordinal)))
        {
            mistake($"holds ${{{reference}}}, which is neither ${{NAME}} nor ${{NAME:-default}}; write $${{{reference}}} for a literal");
            return "";
        }

        return (ValueOf(name, $"${{{name}}}", scope, mistake), rest.Length) switch
        {
            ({ Length: > 0 } value, _) => value,
            ({ } value, 0) => value,
            (_, > 0) => Expand(rest[Default.Length..], scope, referenceAt, mistake),
            _ => Missing(name, $"${{{name}}}", "", scope, mistake),
        };
    }

    /// <returns>null: it is not set.</returns>
    private static string? ValueOf(string name, string written, VariableScope scope, Action<string> mistake)
    {
        if (!scope.Unknown.TryGetValue(name, out var why))
            return scope[name];

        mistake($"uses {written}, {why}");
        return "";
    }

    private static string Missing(string name, string written, string advice, VariableScope scope, Action<string> mistake)
    {
        var nearest = Suggestion.For(name, scope.Names);
        mistake($"uses {written}, which is not set{nearest}{(nearest.Length > 0 ? "" : ";")} set it,{advice} or give a default: ${{{name}:-…}}");
        return "";
    }

    /// <summary>The position of the brace that closes the one at <paramref name="start"/>; null: there is none.</summary>
    private static int? EndOf(string text, int start)
    {
        var depth = 0;

        for (var i = start; i < text.Length; i++)
        {
            if (string.CompareOrdinal(text, i, Open, 0, Open.Length) == 0)
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        }

        return null;
    }
}
