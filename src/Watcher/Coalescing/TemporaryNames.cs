using System.Buffers;

namespace Supervisor.Watcher.Coalescing;

/// <summary>
/// Names that programs give to a file which they are about to rename: a saved file's name with something behind it, or a name that no person thinks of. Only a
/// first guess about a new file: it costs an ordinary one a short wait, no more. Sources: Python's tempfile, mkstemp and mktemp, Go's CreateTemp, Rust's
/// tempfile, npm's write-file-atomic, Qt's QSaveFile, GLib, rsync, sed, coding agents. Pure.
/// </summary>
public static class TemporaryNames
{
    // The templates of mkstemp, QSaveFile and GLib have six, all others more.
    private const int ShortestRandom = 6;

    private const int PythonRandom = 8;

    // Process and file numbers such as vim's 4913; a shorter number is somebody's name for something.
    private const int ShortestNumber = 4;

    private static readonly SearchValues<char> Separators = SearchValues.Create(".-_");

    /// <summary>Nobody names a source like this.</summary>
    public static bool LooksTemporary(ReadOnlySpan<char> name)
    {
        var isHidden = name.StartsWith(".");
        var bare = name.TrimStart(".#~");

        return bare.LastIndexOf('.') is var dot and > 0
            ? IsTemporaryEnding(bare[(dot + 1)..], isHidden || IsWordForTemporary(bare[..dot])) || HasTemporaryInside(bare[..dot])
                || (IsPythonTemporary(bare[..dot]) && bare[..dot].ContainsAnyInRange('0', '9'))
            : IsTemporaryStem(bare, isHidden);
    }

    /// <summary>
    /// The name is another one's with something behind it, and perhaps a mark before it: <c>main.py.tmp.12.345</c>, <c>.main.py.Xy12Zq</c>,
    /// <c>main.py123456789</c>. Not <c>main.pyi</c>, nor <c>app.test.ts</c> beside <c>app.ts</c>.
    /// </summary>
    /// <param name="isKnown">Whether a file of that name is, or was until just now, in the same directory.</param>
    public static bool Extends(string name, Predicate<string> isKnown)
    {
        var bare = name.TrimStart('.', '#', '~');

        return ExtendsExactly(name, isKnown) || (bare.Length < name.Length && (isKnown(bare) || ExtendsExactly(bare, isKnown)));
    }

    private static bool ExtendsExactly(string name, Predicate<string> isKnown)
    {
        for (var length = name.Length - 1; length > 0; length--)
        {
            // Half of a surrogate pair is no name.
            if (IsAddition(name.AsSpan(length)) && !char.IsHighSurrogate(name[length - 1]) && isKnown(name[..length]))
                return true;
        }

        return false;
    }

    // Without anything between: Go's CreateTemp.
    private static bool IsAddition(ReadOnlySpan<char> added) => !char.IsLetterOrDigit(added[0]) || IsRandom(added, fewest: 2);

    private static bool IsTemporaryEnding(ReadOnlySpan<char> ending, bool isMarked) => IsWordForTemporary(ending) || IsRandom(ending, fewest: isMarked ? 1 : 2);

    private static bool IsWordForTemporary(ReadOnlySpan<char> part) =>
        part.Equals("tmp", StringComparison.OrdinalIgnoreCase) || part.Equals("temp", StringComparison.OrdinalIgnoreCase);

    private static bool HasTemporaryInside(ReadOnlySpan<char> stem)
    {
        // A file called tmp.py is a source.
        while (stem.IndexOf('.') is var dot and >= 0)
        {
            stem = stem[(dot + 1)..];
            var next = stem.IndexOf('.');

            if (IsWordForTemporary(next < 0 ? stem : stem[..next]))
                return true;
        }

        return false;
    }

    private static bool IsTemporaryStem(ReadOnlySpan<char> stem, bool isHidden)
    {
        if (IsPythonTemporary(stem) || (stem.Length >= ShortestNumber && !stem.ContainsAnyExceptInRange('0', '9')))
            return true;

        var marked = isHidden || stem.StartsWith("tmp", StringComparison.OrdinalIgnoreCase);
        return IsRandom(stem[(stem.LastIndexOfAny(Separators) + 1)..], fewest: marked ? 1 : 2);
    }

    // Python draws from small letters, digits and the underscore: one name in sixteen is letters only. A source would have an ending.
    private static bool IsPythonTemporary(ReadOnlySpan<char> stem) =>
        stem.Length == "tmp".Length + PythonRandom && stem.StartsWith("tmp") && IsAlphanumeric(stem[3..], orUnderscore: true);

    // Digits, or letters and digits that take turns as in no word: a word's own number stands at its end.
    private static bool IsRandom(ReadOnlySpan<char> part, int fewest)
    {
        if (part.Length < ShortestRandom || !IsAlphanumeric(part, orUnderscore: false))
            return false;

        return part.ContainsAnyInRange('0', '9') ? !part.ContainsAnyExceptInRange('0', '9') || Turns(part) >= fewest : fewest == 1 && Turns(part) >= 1;
    }

    /// <summary>How often another kind of character follows; after a capital, small letters go on with a word.</summary>
    private static int Turns(ReadOnlySpan<char> part)
    {
        var turns = 0;

        for (var at = 1; at < part.Length; at++)
        {
            if (KindOf(part[at]) != KindOf(part[at - 1]) && !(char.IsAsciiLetterUpper(part[at - 1]) && char.IsAsciiLetterLower(part[at])))
                turns++;
        }

        return turns;
    }

    private static int KindOf(char one) => char.IsAsciiDigit(one) ? 0 : char.IsAsciiLetterUpper(one) ? 1 : 2;

    private static bool IsAlphanumeric(ReadOnlySpan<char> part, bool orUnderscore)
    {
        foreach (var one in part)
        {
            if (!char.IsAsciiLetterOrDigit(one) && !(orUnderscore && one == '_'))
                return false;
        }

        return true;
    }
}
