namespace Supervisor.Configuration.Values;

/// <summary>Checks the syntax of a glob; the watcher does the matching.</summary>
internal static class Glob
{
    private const int MaxLength = 1_024;

    public static Parsed<string> Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
            return Parsed.Wrong<string>($"must be a glob of 1 to {MaxLength} characters, such as \"**/*.py\"");

        if (text.Contains('\0', StringComparison.Ordinal))
            return Parsed.Wrong<string>("must not contain a NUL character");

        if (text[0] == '!')
            return Parsed.Wrong<string>("must not be negated with \"!\"; list the wanted files under \"include\" instead");

        if (text.Split('/').Contains(".."))
            return Parsed.Wrong<string>("must not contain \"..\": globs are relative to the watched folder and stay below it");

        return HasOpenBracket(text)
            ? Parsed.Wrong<string>("has a \"[\" that is never closed; write \"\\\\[\" for the character itself")
            : Parsed.Ok(text);
    }

    private static bool HasOpenBracket(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '[')
            {
                // "[]" and "[!]": a first bracket belongs to the set.
                var first = i + 1 < text.Length && text[i + 1] is '!' or '^' ? i + 2 : i + 1;
                var close = first + 1 <= text.Length ? text.IndexOf(']', Math.Min(first + 1, text.Length)) : -1;

                if (close < 0)
                    return true;

                i = close;
            }
        }

        return false;
    }
}
