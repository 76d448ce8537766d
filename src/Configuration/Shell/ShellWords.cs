using System.Text;

namespace Supervisor.Configuration.Shell;

/// <summary>
/// Splits a command line as every POSIX shell does, as far as that is plain. Gives up where shells differ or where only their parser knows: parentheses,
/// here-documents, <c>$'…'</c>, quotes within <c>${…}</c>. An expansion must never seem longer than it is, or it would hide an operator. Not thread-safe: one
/// reading owns it.
/// </summary>
internal sealed class ShellWords
{
    private const string Blanks = " \t";
    private const string Operators = ";&|<>()\n";

    /// <summary>Beside letters and digits: what no shell replaces by something that may be a builtin command.</summary>
    private const string Plain = "_-./+:@,~";

    private readonly string _text;
    private int _at;
    private bool _isUnclear;

    private ShellWords(string text) => _text = text;

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool IsAtEndOfWord => _at >= _text.Length || Blanks.Contains(Next, StringComparison.Ordinal) || Operators.Contains(Next, StringComparison.Ordinal);

    /// <returns>null: it takes a shell to know.</returns>
    public static IReadOnlyList<ShellPart>? Split(string text)
    {
        var reader = new ShellWords(text.TrimEnd(' ', '\t', '\n'));
        var parts = reader.Parts();
        return reader._isUnclear ? null : parts;
    }

    private List<ShellPart> Parts()
    {
        var parts = new List<ShellPart>();

        while (!_isUnclear && _at < _text.Length)
        {
            if (Blanks.Contains(Next, StringComparison.Ordinal) || (Next == '\n' && parts.Count == 0))
                _at++;
            else if (Next == '#')
                SkipComment();
            else
                parts.Add(IsAtEndOfWord ? Operator(_at) : Word());
        }

        return parts;
    }

    private void SkipComment()
    {
        while (_at < _text.Length && Next != '\n')
            _at++;
    }

    private ShellPart Operator(int start)
    {
        var first = Take();

        switch (first)
        {
            case '<' or '>':
                _isUnclear |= Next == '(' || (first == '<' && Next == '<');

                if (Next is '>' or '&' or '|')
                    _at++;

                return new ShellPart.Redirection(start);

            case '|' or '&' when Next == first:
                _at++;
                return new ShellPart.Separator(start);

            case '|':
                return new ShellPart.Pipe(start);

            default:
                _isUnclear |= first is '(' or ')';
                return new ShellPart.Separator(start);
        }
    }

    private ShellPart Word()
    {
        var start = _at;
        var literal = new StringBuilder();
        var isLiteral = true;

        while (!_isUnclear && !IsAtEndOfWord)
            isLiteral &= ReadPiece(literal);

        // The number in front of an operator belongs to it: 2>file.
        return Next is '<' or '>' && _text[start.._at].All(char.IsAsciiDigit) ? Operator(start) : new ShellPart.Word(start, isLiteral ? literal.ToString() : null);
    }

    /// <returns>false: the shell makes something else of it.</returns>
    private bool ReadPiece(StringBuilder literal)
    {
        var first = Take();

        switch (first)
        {
            case '\'':
                var begin = _at;
                SkipSingleQuoted();
                literal.Append(_text, begin, Math.Max(0, _at - 1 - begin));
                return true;

            case '"':
                return ReadDoubleQuoted(literal);

            case '\\':
                SkipEscaped();
                return false;

            case '$' or '`':
                SkipExpansion(first);
                return false;

            default:
                literal.Append(first);
                return char.IsAsciiLetterOrDigit(first) || Plain.Contains(first, StringComparison.Ordinal);
        }
    }

    private bool ReadDoubleQuoted(StringBuilder literal)
    {
        var isLiteral = true;

        while (!_isUnclear && Next != '"')
        {
            var next = Take();
            isLiteral &= next is not ('\\' or '$' or '`');

            if (next == '\\')
                SkipEscaped();
            else if (next is '$' or '`')
                SkipExpansion(next);
            else
                literal.Append(next);
        }

        Take();
        return isLiteral;
    }

    private void SkipSingleQuoted()
    {
        while (!_isUnclear && Take() != '\'')
        {
            // Nothing has a meaning in it.
        }
    }

    /// <summary>A line break after a backslash joins two lines.</summary>
    private void SkipEscaped()
    {
        if (Take() == '\n')
            _isUnclear = true;
    }

    /// <summary>From behind its first character.</summary>
    private void SkipExpansion(char first)
    {
        switch (first, Next)
        {
            case ('`', _):
                SkipTo('`', unclear: "");
                break;

            case (_, '('):
                SkipParentheses();
                break;

            case (_, '{'):
                Take();
                SkipTo('}', unclear: "{'\"`$\\\n");
                break;

            // bash has $'…' and $"…", where others see a dollar sign.
            case (_, '\'' or '"'):
                _isUnclear = true;
                break;
        }
    }

    private void SkipTo(char end, string unclear)
    {
        while (!_isUnclear && Take() is var next && next != end)
        {
            _isUnclear |= unclear.Contains(next, StringComparison.Ordinal);

            if (next == '\\')
                Take();
        }
    }

    /// <summary>
    /// A command or a calculation in <c>$(…)</c>. A <c>case</c> in it seems to end at its first closing parenthesis; what is left then has one too many.
    /// </summary>
    private void SkipParentheses()
    {
        var open = 0;

        do
        {
            var next = Take();
            open += next switch { '(' => 1, ')' => -1, _ => 0 };

            // A comment hides quotes and parentheses; so does a here-document.
            _isUnclear |= next is '#' or '\n' || (next == '<' && Next == '<');

            if (next == '\'')
                SkipSingleQuoted();
            else if (next == '"')
                ReadDoubleQuoted(new StringBuilder());
            else if (next == '\\')
                SkipEscaped();
            else if (next is '$' or '`')
                SkipExpansion(next);
        }
        while (open > 0 && !_isUnclear);
    }

    /// <summary>The next character; the end of the text within something that is not closed is unclear.</summary>
    private char Take()
    {
        if (_at < _text.Length)
            return _text[_at++];

        _isUnclear = true;
        return '\0';
    }
}
