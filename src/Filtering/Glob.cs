using System.Runtime.InteropServices;

namespace Supervisor.Filtering;

/// <summary>
/// One glob, compiled: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of directories, <c>[a-z]</c>, <c>[!a-z]</c>,
/// <c>{a,b}</c>, <c>\</c> before a character that is meant literally. A glob without a slash matches at any depth; one with a slash (a
/// leading one included) matches from the root down; a trailing slash means directories only. Case-sensitive; a leading dot is nothing
/// special. Matching allocates nothing. Immutable.
/// </summary>
public sealed class Glob
{
    private readonly PathPattern[] _alternatives;

    private Glob(string text, PathPattern[] alternatives)
    {
        Text = text;
        _alternatives = alternatives;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <exception cref="InvalidGlobException">It is empty, leaves the root by <c>..</c>, or its braces stand for too many
    /// globs.</exception>
    public static Glob Compile(string text)
    {
        var alternatives = BraceExpansion.Expand(text)
            .Select(alternative => PathPattern.Compile(alternative, text))
            .OfType<PathPattern>()
            .ToArray();

        return alternatives.Length > 0 ? new Glob(text, alternatives) : throw new InvalidGlobException(text, "it names nothing");
    }

    /// <param name="path">Relative to the root, without leading or trailing slash.</param>
    public bool Matches(ReadOnlySpan<char> path, bool isDirectory)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.Matches(path, isDirectory))
                return true;
        }

        return false;
    }

    /// <summary>Everything beneath the directory is meant: the glob matches the directory itself, or is <c>DIRECTORY/**</c>.</summary>
    public bool Covers(ReadOnlySpan<char> directory)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.Matches(directory, isDirectory: true) || alternative.MatchesAllBeneath(directory))
                return true;
        }

        return false;
    }

    /// <summary>False only where nothing beneath the directory can match, at any depth.</summary>
    public bool MayMatchBeneath(ReadOnlySpan<char> directory)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.MayMatchBeneath(directory))
                return true;
        }

        return false;
    }
}

/// <summary>The pieces of a relative path from left to right, without allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct Segments(ReadOnlySpan<char> path)
{
    private ReadOnlySpan<char> _rest = path;

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Takes the next piece; the copy made before it is a place to come back to.</summary>
    public ReadOnlySpan<char> Take()
    {
        var slash = _rest.IndexOf('/');
        var segment = slash < 0 ? _rest : _rest[..slash];
        _rest = slash < 0 ? [] : _rest[(slash + 1)..];
        return segment;
    }
}

/// <summary>A glob in the configuration cannot mean anything. The message names it and says why.</summary>
public sealed class InvalidGlobException(string glob, string reason) : Exception($"The glob \"{glob}\" is refused: {reason}.");
