using System.Runtime.InteropServices;

namespace Supervisor.Filtering;

/// <summary><c>[a-z_]</c>, <c>[!a-z]</c> or <c>[^a-z]</c>: a set of code points. Never contains the slash. Immutable.</summary>
internal sealed class CharacterClass
{
    private readonly Range[] _ranges;
    private readonly bool _negated;

    private CharacterClass(Range[] ranges, bool negated)
    {
        _ranges = ranges;
        _negated = negated;
    }

    /// <summary>
    /// Index of the closing bracket, or null: then the bracket stands for itself. A <c>]</c> right after the opening is a member.
    /// </summary>
    public static int? EndOf(string text, int open)
    {
        var i = open + 1;
        if (i < text.Length && text[i] is '!' or '^')
            i++;

        for (var first = i; i < text.Length && text[i] != '/'; i++)
        {
            if (text[i] == ']' && i > first)
                return i;

            if (text[i] == '\\')
                i++;
        }

        return null;
    }

    /// <param name="members">What stands between the brackets.</param>
    public static CharacterClass Compile(ReadOnlySpan<char> members)
    {
        var negated = members is ['!' or '^', ..];
        var rest = negated ? members[1..] : members;
        var ranges = new List<Range>();

        while (!rest.IsEmpty)
        {
            var low = TakeMember(ref rest);

            // A hyphen at the end is a member itself.
            if (rest is ['-', _, ..])
            {
                rest = rest[1..];
                ranges.Add(new Range(low, TakeMember(ref rest)));
            }
            else
            {
                ranges.Add(new Range(low, low));
            }
        }

        return new CharacterClass([.. ranges], negated);
    }

    public bool Contains(int codePoint)
    {
        foreach (var range in _ranges)
        {
            if (codePoint >= range.Low && codePoint <= range.High)
                return !_negated;
        }

        return _negated;
    }

    private static int TakeMember(ref ReadOnlySpan<char> rest)
    {
        if (rest is ['\\', _, ..])
            rest = rest[1..];

        var member = CodePoint.First(rest);
        rest = rest[CodePoint.LengthOfFirst(rest)..];
        return member;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Range(int Low, int High);
}

/// <summary>Code points of names, in which a surrogate may stand alone.</summary>
internal static class CodePoint
{
    public static int LengthOfFirst(ReadOnlySpan<char> text) =>
        text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;

    public static int First(ReadOnlySpan<char> text) =>
        LengthOfFirst(text) == 2 ? char.ConvertToUtf32(text[0], text[1]) : text[0];
}
