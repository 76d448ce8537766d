namespace Supervisor.Filtering;

/// <summary>A glob without braces: name patterns between slashes, or null for <c>**</c>. Immutable; matching allocates nothing.</summary>
internal sealed class PathPattern
{
    private readonly NamePattern?[] _segments;
    private readonly bool _anyDepth;
    private readonly bool _directoriesOnly;

    private PathPattern(NamePattern?[] segments, bool anyDepth, bool directoriesOnly)
    {
        _segments = segments;
        _anyDepth = anyDepth;
        _directoriesOnly = directoriesOnly;
    }

    /// <returns>null where the text names nothing.</returns>
    public static PathPattern? Compile(string text, string glob)
    {
        var names = text.Split('/').Where(name => name is not ("" or ".")).ToArray();

        if (names.Contains(".."))
            throw new InvalidGlobException(glob, "\"..\" leads out of the watched path; watch the other folder instead");

        if (names.Length == 0)
            return null;

        var segments = names.Select(name => name == "**" ? null : NamePattern.Compile(name)).ToArray();
        var isName = !text.TrimEnd('/').Contains('/', StringComparison.Ordinal) && segments is not [null];
        return new PathPattern(segments, anyDepth: isName, directoriesOnly: text.EndsWith('/'));
    }

    public bool Matches(ReadOnlySpan<char> path, bool isDirectory) => (isDirectory || !_directoriesOnly) && Matches(path);

    private bool Matches(ReadOnlySpan<char> path) =>
        _anyDepth ? _segments[0]!.Matches(path[(path.LastIndexOf('/') + 1)..]) : Matches(_segments, path);

    /// <summary>The pattern is <c>DIRECTORY/**</c>.</summary>
    public bool MatchesAllBeneath(ReadOnlySpan<char> directory) =>
        !_anyDepth && _segments.Length > 1 && _segments[^1] is null && Matches(_segments.AsSpan(0, _segments.Length - 1), directory);

    public bool MayMatchBeneath(ReadOnlySpan<char> directory)
    {
        if (_anyDepth)
            return true;

        var path = new Segments(directory);

        foreach (var segment in _segments)
        {
            if (segment is null || path.IsEmpty)
                return true;

            if (!segment.Matches(path.Take()))
                return false;
        }

        return false;
    }

    // Only the last ** ever has to take one more directory: what an earlier one could take besides, the last one can take instead.
    private static bool Matches(ReadOnlySpan<NamePattern?> pattern, ReadOnlySpan<char> path)
    {
        var rest = new Segments(path);
        var retryPath = rest;
        var retryAt = -1;

        for (var at = 0; ;)
        {
            if (at < pattern.Length && pattern[at] is null)
            {
                // At the end, ** stands for something beneath, not for the directory before it.
                if (at == pattern.Length - 1)
                    return !rest.IsEmpty;

                retryAt = ++at;
                retryPath = rest;
            }
            else if (at == pattern.Length && rest.IsEmpty)
            {
                return true;
            }
            else if (at < pattern.Length && !rest.IsEmpty && pattern[at]!.Matches(rest.Take()))
            {
                at++;
            }
            else if (retryAt < 0 || retryPath.IsEmpty)
            {
                return false;
            }
            else
            {
                retryPath.Take();
                rest = retryPath;
                at = retryAt;
            }
        }
    }
}
