namespace Supervisor.Filtering.Gitignore;

/// <summary>One line of an ignore file, compiled. Immutable; matching allocates nothing.</summary>
public sealed class IgnorePattern
{
    private readonly Reach _reach;
    private readonly byte[] _literal;
    private readonly WildmatchPattern? _wildmatch;
    private readonly bool _directoriesOnly;

    private IgnorePattern(int line, ReadOnlySpan<byte> text)
    {
        Line = line;
        Text = FileName.Decode(text);
        IsNegated = text is [(byte)'!', ..];
        var pattern = IsNegated ? text[1..] : text;
        _directoriesOnly = pattern is [.., (byte)'/'];

        if (_directoriesOnly)
            pattern = pattern[..^1];

        var literal = pattern.IndexOfAny("*?[\\"u8) is var first and >= 0 ? first : pattern.Length;
        (_reach, _literal, _wildmatch) = pattern.Contains((byte)'/') ? ForPath(pattern, literal) : ForName(pattern, literal);
    }

    private enum Reach : byte
    {
        Nothing,
        Name,
        EndOfName,
        NameLike,
        Path,
        PathLike,
    }

    /// <summary>As it was written, less trailing spaces.</summary>
    public string Text { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>It begins with <c>!</c>: what it matches is not ignored.</summary>
    public bool IsNegated { get; }

    /// <returns>Null for a line without a pattern: a comment, an empty one.</returns>
    internal static IgnorePattern? Parse(ReadOnlySpan<byte> line, int number)
    {
        if (line.IsEmpty || line[0] == '#')
            return null;

        if (line[^1] == '\r')
            line = line[..^1];

        // git's lines are C strings.
        if (line.IndexOf((byte)0) is var end and >= 0)
            line = line[..end];

        line = TrimTrailingSpaces(line);
        return line.IsEmpty ? null : new IgnorePattern(number, line);
    }

    /// <param name="path">Relative to the ignore file's directory.</param>
    /// <param name="name">The last part of it.</param>
    internal bool Matches(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, bool isDirectory)
    {
        if (_directoriesOnly && !isDirectory)
            return false;

        return _reach switch
        {
            Reach.Name => name.SequenceEqual(_literal),
            Reach.EndOfName => name.EndsWith(_literal),
            Reach.NameLike => _wildmatch!.Matches(name),
            Reach.Path => path.SequenceEqual(_literal),
            Reach.PathLike => path.StartsWith(_literal) && _wildmatch!.Matches(path[_literal.Length..]),
            _ => false,
        };
    }

    private static (Reach Reach, byte[] Literal, WildmatchPattern? Wild) ForName(ReadOnlySpan<byte> pattern, int literal)
    {
        if (pattern.IsEmpty)
            return (Reach.Nothing, [], null);

        if (literal == pattern.Length)
            return (Reach.Name, pattern.ToArray(), null);

        if (pattern[0] == '*' && pattern[1..].IndexOfAny("*?[\\"u8) < 0)
            return (Reach.EndOfName, pattern[1..].ToArray(), null);

        return WildmatchPattern.Compile(pattern, isPath: false) is { } wild ? (Reach.NameLike, [], wild) : (Reach.Nothing, [], null);
    }

    private static (Reach Reach, byte[] Literal, WildmatchPattern? Wild) ForPath(ReadOnlySpan<byte> pattern, int literal)
    {
        if (pattern[0] == '/')
        {
            pattern = pattern[1..];
            literal--;
        }

        if (literal == pattern.Length)
            return (Reach.Path, pattern.ToArray(), null);

        return WildmatchPattern.Compile(pattern[literal..], isPath: true) is { } wild
            ? (Reach.PathLike, pattern[..literal].ToArray(), wild)
            : (Reach.Nothing, [], null);
    }

    // A backslash keeps the space after it; one at the very end keeps everything.
    private static ReadOnlySpan<byte> TrimTrailingSpaces(ReadOnlySpan<byte> line)
    {
        var spaces = -1;

        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == ' ')
            {
                spaces = spaces < 0 ? i : spaces;
                continue;
            }

            spaces = -1;

            if (line[i] == '\\' && ++i == line.Length)
                return line;
        }

        return spaces < 0 ? line : line[..spaces];
    }
}
