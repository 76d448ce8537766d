using System.Text;

namespace Supervisor.Unit.Documentation;

/// <summary>As much of the shell's grammar as the documents use: words, quotes, comments, <c>&amp;&amp;</c>, <c>;</c> and variables before a command.</summary>
internal static class ShellLine
{
    /// <summary>The commands of one line, each as its words.</summary>
    public static IEnumerable<string[]> Commands(string line)
    {
        List<string> command = [];

        foreach (var word in Words(line).Append(";"))
        {
            if (word is not (";" or "&&"))
            {
                if (command.Count > 0 || !IsAssignment(word))
                    command.Add(word);
            }
            else if (command.Count > 0)
            {
                yield return [.. command];
                command.Clear();
            }
        }
    }

    private static bool IsAssignment(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && word[..equals].All(c => char.IsAsciiLetterUpper(c) || c == '_');

    private static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        char? quote = null;

        foreach (var c in line)
        {
            if (quote is not null || c is '\'' or '"')
            {
                quote = quote is null ? c : quote == c ? null : quote;

                if (quote != c && c is not ('\'' or '"'))
                    word.Append(c);
            }
            else if (!char.IsWhiteSpace(c))
            {
                if (c == '#' && word.Length == 0)
                    yield break;

                word.Append(c);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }
}
