namespace Supervisor.Configuration.Variables;

/// <summary>
/// The text of an <c>envFile</c>: <c>KEY=VALUE</c> lines, with an optional <c>export</c>, comments, and quotes. Text in single quotes is literal;
/// double quotes allow the escapes <c>\n \t \r \" \\ \$</c>; both may span lines. Nothing is substituted: the file is data, not a script.
/// </summary>
internal static class EnvFile
{
    /// <param name="mistake">Called with the line, from 1, and the mistake.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, Action<int, string> mistake)
    {
        var variables = new List<KeyValuePair<string, string>>();
        var cursor = new Cursor(text.TrimStart('\uFEFF').ReplaceLineEndings("\n"));

        while (!cursor.AtEnd)
        {
            var line = cursor.Line;

            if (Variable(ref cursor) is not { } read)
                continue;

            if (read.Mistake is { } what)
                mistake(line, what);
            else
                variables.Add(new(read.Name, read.Value));
        }

        return variables;
    }

    /// <returns>null: the line sets no variable.</returns>
    private static (string Name, string Value, string? Mistake)? Variable(ref Cursor cursor)
    {
        cursor.SkipBlanks();

        if (cursor.Peek is '#' or '\n' or '\0')
        {
            // A NUL does not end a line, so a stray one is skipped with its line.
            cursor.SkipLine();
            return null;
        }

        cursor.SkipWord("export ");
        var name = cursor.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        cursor.SkipBlanks();

        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || cursor.Peek != '=')
        {
            cursor.SkipLine();
            return ("", "", "must be KEY=VALUE");
        }

        cursor.Skip();
        cursor.SkipBlanks();
        return Value(ref cursor, name);
    }

    private static (string Name, string Value, string? Mistake) Value(ref Cursor cursor, string name)
    {
        var quote = cursor.Peek;

        if (quote is not ('"' or '\''))
            return Checked(name, Bare(cursor.TakeWhile(c => c != '\n')));

        cursor.Skip();

        if (cursor.Quoted(quote) is not { } value)
            return ("", "", $"has a {quote} that is never closed");

        cursor.SkipBlanks();
        var ends = cursor.Peek is '\n' or '#' or '\0';
        cursor.SkipLine();
        return ends ? Checked(name, value) : ("", "", "has text after the closing quote");
    }

    private static (string Name, string Value, string? Mistake) Checked(string name, string value) =>
        value.Contains('\0', StringComparison.Ordinal) ? ("", "", "must not contain a NUL character") : (name, value, null);

    /// <summary>The text without its comment, which begins at a # after a blank (or after the =).</summary>
    private static string Bare(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '#' && (i == 0 || text[i - 1] is ' ' or '\t'))
                return text[..i].TrimEnd();
        }

        return text.TrimEnd();
    }

    private ref struct Cursor(string text)
    {
        private int _position;

        public int Line { get; private set; } = 1;

        public readonly bool AtEnd => _position >= text.Length;

        /// <summary>NUL at the end.</summary>
        public readonly char Peek => AtEnd ? '\0' : text[_position];

        public char Skip()
        {
            var skipped = text[_position++];

            if (skipped == '\n')
                Line++;

            return skipped;
        }

        public void SkipBlanks() => TakeWhile(c => c is ' ' or '\t');

        public void SkipLine()
        {
            TakeWhile(c => c != '\n');

            if (!AtEnd)
                Skip();
        }

        public void SkipWord(string word)
        {
            if (text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal))
                _position += word.Length;

            SkipBlanks();
        }

        public string TakeWhile(Func<char, bool> wanted)
        {
            var start = _position;

            while (!AtEnd && wanted(Peek))
                Skip();

            return text[start.._position];
        }

        /// <returns>null: the closing quote is missing.</returns>
        public string? Quoted(char quote)
        {
            var value = new System.Text.StringBuilder();

            while (!AtEnd)
            {
                var c = Skip();

                if (c == quote)
                    return value.ToString();

                value.Append(c == '\\' && quote == '"' && !AtEnd ? Unescaped(Skip()) : c.ToString());
            }

            return null;
        }

        private static string Unescaped(char c) => c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '"' or '\\' or '$' => c.ToString(),
            _ => $"\\{c}",
        };
    }
}
