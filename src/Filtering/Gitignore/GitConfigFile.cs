using System.Text;

namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// The settings of one file of git's configuration, in its syntax (git-config(1), "Syntax"). Where git would refuse the file, what stands before
/// the mistake counts.
/// </summary>
internal ref struct GitConfigFile
{
    private const char End = '\n';

    private ReadOnlySpan<char> _rest;
    private string _section = "";

    private GitConfigFile(ReadOnlySpan<char> text) => _rest = text;

    /// <summary>Names in lower case with their section in front, <c>core.excludesfile</c>; of a section with a subsection too, which keeps its case.</summary>
    public static IReadOnlyList<(string Name, string Value)> Parse(string text)
    {
        var settings = new List<(string, string)>();
        var file = new GitConfigFile(text.ReplaceLineEndings("\n").TrimStart('\uFEFF'));

        while (file.TryRead(out var name, out var value))
            settings.Add((name, value));

        return settings;
    }

    private bool TryRead(out string name, out string value)
    {
        (name, value) = ("", "");

        while (!_rest.IsEmpty)
        {
            var next = _rest[0];

            if (char.IsWhiteSpace(next))
                _rest = _rest[1..];
            else if (next is '#' or ';')
                SkipLine();
            else if (next == '[' ? !TryReadSection() : !char.IsAsciiLetter(next))
                return false;
            else if (next != '[')
                return TryReadSetting(out name, out value);
        }

        return false;
    }

    private void SkipLine() => _rest = _rest.IndexOf(End) is var end and >= 0 ? _rest[end..] : [];

    private bool TryReadSection()
    {
        _rest = _rest[1..];
        _section = Take(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.').ToLowerInvariant();
        _rest = _rest.TrimStart(" \t");

        if (_rest.StartsWith("\"") && !TryReadSubsection())
            return false;

        if (!_rest.StartsWith("]"))
            return false;

        _rest = _rest[1..];
        return true;
    }

    private bool TryReadSubsection()
    {
        var name = new StringBuilder(_section).Append('.');

        for (_rest = _rest[1..]; !_rest.IsEmpty && _rest[0] is not (End or '"'); _rest = _rest[1..])
        {
            if (_rest[0] == '\\')
                _rest = _rest[1..];

            if (_rest.IsEmpty || _rest[0] == End)
                return false;

            name.Append(_rest[0]);
        }

        _section = name.ToString();
        var isClosed = _rest.StartsWith("\"");
        _rest = isClosed ? _rest[1..] : _rest;
        return isClosed;
    }

    private bool TryReadSetting(out string name, out string value)
    {
        name = Take(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-').ToLowerInvariant();
        name = _section.Length > 0 ? $"{_section}.{name}" : name;
        value = "";
        _rest = _rest.TrimStart(" \t");

        // Without a value it means "true".
        if (_rest.IsEmpty || _rest[0] == End)
            return true;

        if (_rest[0] != '=')
            return false;

        _rest = _rest[1..];
        return TryReadValue(out value);
    }

    private bool TryReadValue(out string value)
    {
        var read = new StringBuilder();
        var blanks = 0;
        var isQuoted = false;
        value = "";

        for (; !_rest.IsEmpty && _rest[0] != End; _rest = _rest[1..])
        {
            if (!isQuoted && char.IsWhiteSpace(_rest[0]))
            {
                // Blanks count between words only.
                blanks += read.Length > 0 ? 1 : 0;
                continue;
            }

            if (!isQuoted && _rest[0] is '#' or ';')
            {
                SkipLine();
                break;
            }

            read.Append(' ', blanks);
            blanks = 0;

            if (_rest[0] == '"')
                isQuoted = !isQuoted;
            else if (_rest[0] != '\\')
                read.Append(_rest[0]);
            else if (!TryReadEscape(read))
                return false;
        }

        value = read.ToString();
        return !isQuoted;
    }

    private bool TryReadEscape(StringBuilder read)
    {
        _rest = _rest[1..];

        if (_rest.IsEmpty || "\n\\\"tbn".IndexOf(_rest[0]) is not (var which and >= 0))
            return false;

        // A line that ends so goes on in the next.
        if (which > 0)
            read.Append("\\\"\t\b\n"[which - 1]);

        return true;
    }

    private string Take(Func<char, bool> belongs)
    {
        var length = 0;

        while (length < _rest.Length && belongs(_rest[length]))
            length++;

        var taken = _rest[..length].ToString();
        _rest = _rest[length..];
        return taken;
    }
}
