namespace Supervisor.Filtering.Gitignore;

/// <summary>The rules of one <c>.gitignore</c>, <c>info/exclude</c> or global excludes file, compiled. Immutable; any thread.</summary>
public sealed class IgnoreFile
{
    /// <summary>A larger file is none that anybody wrote: it is read as empty. git's own limit is 100 MiB.</summary>
    public const int LargestSize = 1024 * 1024;

    private readonly IgnorePattern[] _patterns;

    private IgnoreFile(string path, IgnorePattern[] patterns, ulong fingerprint)
    {
        Path = path;
        Fingerprint = fingerprint;
        _patterns = patterns;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Of the file's bytes.</summary>
    internal ulong Fingerprint { get; }

    /// <param name="content">The file's bytes: UTF-8 or not, with LF or CRLF, with or without a byte order mark.</param>
    /// <returns>Null where no line holds a pattern.</returns>
    public static IgnoreFile? Parse(string path, ReadOnlySpan<byte> content)
    {
        var patterns = new List<IgnorePattern>();
        var rest = content.StartsWith("\uFEFF"u8) ? content[3..] : content;

        for (var line = 1; !rest.IsEmpty; line++)
        {
            var end = rest.IndexOf((byte)'\n');

            if (IgnorePattern.Parse(end < 0 ? rest : rest[..end], line) is { } pattern)
                patterns.Add(pattern);

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return patterns.Count > 0 ? new IgnoreFile(path, [.. patterns], RulesHash.Of(content)) : null;
    }

    /// <summary>The last line that matches decides; null: none does.</summary>
    internal IgnorePattern? Decide(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, bool isDirectory)
    {
        for (var i = _patterns.Length - 1; i >= 0; i--)
        {
            if (_patterns[i].Matches(path, name, isDirectory))
                return _patterns[i];
        }

        return null;
    }
}
