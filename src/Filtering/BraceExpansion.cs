namespace Supervisor.Filtering;

/// <summary>
/// <c>{a,b}</c> is shorthand for two globs, so it is written out before compiling; braces may nest. As in bash, a brace that is never
/// closed and one without a comma stand for themselves.
/// </summary>
internal static class BraceExpansion
{
    // Far beyond what a person writes; two dozen nested braces would otherwise make millions of globs.
    private const int MaxAlternatives = 1_000;

    public static IReadOnlyList<string> Expand(string glob)
    {
        var done = new List<string>();
        var todo = new Stack<string>([glob]);

        while (todo.TryPop(out var next))
        {
            var alternatives = ExpandFirst(next);

            if (alternatives is null)
                done.Add(next);
            else
                alternatives.ForEach(todo.Push);

            if (done.Count + todo.Count > MaxAlternatives)
                throw new InvalidGlobException(glob, $"its braces stand for more than {MaxAlternatives:N0} globs");
        }

        return done;
    }

    private static List<string>? ExpandFirst(string text)
    {
        for (var open = 0; open < text.Length; open++)
        {
            if (text[open] == '\\')
                open++;
            else if (text[open] == '[')
                open = CharacterClass.EndOf(text, open) ?? open;
            else if (text[open] == '{' && Alternatives(text, open) is { } found)
                return found;
        }

        return null;
    }

    private static List<string>? Alternatives(string text, int open)
    {
        var commas = new List<int> { open };
        var depth = 0;

        for (var i = open; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\': i++; break;
                case '[': i = CharacterClass.EndOf(text, i) ?? i; break;
                case '{': depth++; break;
                case ',' when depth == 1: commas.Add(i); break;
                case '}' when --depth == 0: return commas.Count == 1 ? null : WriteOut(text, commas, i);
            }
        }

        return null;
    }

    private static List<string> WriteOut(string text, List<int> starts, int close)
    {
        var head = text[..starts[0]];
        var tail = text[(close + 1)..];
        starts.Add(close);

        return [.. starts.Zip(starts.Skip(1), (from, to) => head + text[(from + 1)..to] + tail)];
    }
}
