using System.Runtime.InteropServices;

namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// <c>[a-z[:digit:]]</c> as git reads it: a set of bytes. Never contains the slash. Source: wildmatch.c of git, whose reading of odd classes
/// (<c>[]-a]</c>, <c>[a-]</c>, <c>[[:space:]-z]</c>) is kept.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ByteClass
{
    private ulong _from0;
    private ulong _from64;
    private ulong _from128;
    private ulong _from192;

    public readonly bool Contains(byte value) => (((value >> 6) switch
    {
        0 => _from0,
        1 => _from64,
        2 => _from128,
        _ => _from192,
    } >> (value & 63)) & 1) != 0;

    /// <summary>False: the class is malformed, and a pattern that holds it matches nothing.</summary>
    /// <param name="at">Index of the opening bracket; of the closing one afterwards.</param>
    public static bool TryParse(ReadOnlySpan<byte> pattern, ref int at, out ByteClass parsed)
    {
        parsed = default;
        var isNegated = At(pattern, at + 1) is (byte)'!' or (byte)'^';
        at += isNegated ? 2 : 1;
        byte previous = 0;

        // A ']' right after the opening is a member.
        do
        {
            if (!parsed.TryTake(pattern, ref at, ref previous))
                return false;

            at++;
        }
        while (At(pattern, at) != ']');

        if (isNegated)
            parsed.Complement();

        parsed._from0 &= ~(1UL << '/');
        return true;
    }

    /// <summary>Takes one member, range or named class; leaves <paramref name="at"/> on its last byte.</summary>
    /// <param name="previous">The member before, with which a range may begin; 0: none.</param>
    private bool TryTake(ReadOnlySpan<byte> pattern, ref int at, ref byte previous)
    {
        var current = At(pattern, at);

        if (current == '-' && previous != 0 && At(pattern, at + 1) is not (0 or (byte)']'))
        {
            at++;

            if (!TryUnescape(pattern, ref at, out var last))
                return false;

            AddRange(previous, last);
            previous = 0;
            return true;
        }

        if (current == '[' && At(pattern, at + 1) == ':')
            return TryTakeNamed(pattern, ref at, ref previous);

        if (!TryUnescape(pattern, ref at, out previous))
            return false;

        AddRange(previous, previous);
        return true;
    }

    private bool TryTakeNamed(ReadOnlySpan<byte> pattern, ref int at, ref byte previous)
    {
        var rest = pattern[(at + 2)..];
        var end = rest.IndexOf((byte)']');

        if (end < 0)
            return false;

        // No ":]": the bracket is a member like any other, and so is what follows.
        if (end == 0 || rest[end - 1] != ':')
        {
            previous = (byte)'[';
            AddRange(previous, previous);
            return true;
        }

        at += 2 + end;
        previous = 0;
        return TryAddNamed(rest[..(end - 1)]);
    }

    private bool TryAddNamed(ReadOnlySpan<byte> name)
    {
        Func<char, bool>? contains = name switch
        {
            _ when name.SequenceEqual("alnum"u8) => char.IsAsciiLetterOrDigit,
            _ when name.SequenceEqual("alpha"u8) => char.IsAsciiLetter,
            _ when name.SequenceEqual("blank"u8) => static c => c is ' ' or '\t',
            _ when name.SequenceEqual("cntrl"u8) => char.IsControl,
            _ when name.SequenceEqual("digit"u8) => char.IsAsciiDigit,
            _ when name.SequenceEqual("graph"u8) => static c => c is > ' ' and <= '~',
            _ when name.SequenceEqual("lower"u8) => char.IsAsciiLetterLower,
            _ when name.SequenceEqual("print"u8) => static c => c is >= ' ' and <= '~',
            _ when name.SequenceEqual("punct"u8) => static c => c is > ' ' and <= '~' && !char.IsAsciiLetterOrDigit(c),
            _ when name.SequenceEqual("space"u8) => static c => c is ' ' or '\t' or '\n' or '\r',
            _ when name.SequenceEqual("upper"u8) => char.IsAsciiLetterUpper,
            _ when name.SequenceEqual("xdigit"u8) => char.IsAsciiHexDigit,
            _ => null,
        };

        // Beyond ASCII no byte is in any of them.
        for (var c = '\0'; contains is not null && c < 128; c++)
        {
            if (contains(c))
                AddRange((byte)c, (byte)c);
        }

        return contains is not null;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> pattern, ref int at, out byte member)
    {
        if (At(pattern, at) == '\\')
            at++;

        member = At(pattern, at);
        return member != 0;
    }

    // No pattern holds a zero byte, so it can stand for the end.
    private static byte At(ReadOnlySpan<byte> pattern, int index) => index < pattern.Length ? pattern[index] : (byte)0;

    private void AddRange(int first, int last)
    {
        for (var value = first; value <= last; value++)
        {
            ref var word = ref _from0;

            if (value >= 192)
                word = ref _from192;
            else if (value >= 128)
                word = ref _from128;
            else if (value >= 64)
                word = ref _from64;

            word |= 1UL << (value & 63);
        }
    }

    private void Complement() => (_from0, _from64, _from128, _from192) = (~_from0, ~_from64, ~_from128, ~_from192);
}
