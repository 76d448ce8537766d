using System.Buffers;

namespace Supervisor.Cli.Output;

/// <summary>
/// A server's text for a terminal that it shares with others: colours pass; nothing else that a terminal acts on does, such as clearing, another screen, moves of the
/// cursor, titles, and the switching of character sets. Of a line that rewrites itself the last state remains. Pure.
/// </summary>
internal static class TerminalText
{
    private const byte Escape = 0x1B;
    private const byte Bell = 0x07;
    private const byte Delete = 0x7F;

    /// <summary>The first of the two bytes of U+0080 to U+00BF. The lower half of these are controls; some terminals act on them.</summary>
    private const byte BeforeSecondControls = 0xC2;

    private static readonly SearchValues<byte> Suspicious =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(value => value != '\t').Select(value => (byte)value), Delete, BeforeSecondControls]);

    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var rest = text[(text.LastIndexOf((byte)'\r') + 1)..];

        for (int harmless; (harmless = rest.IndexOfAny(Suspicious)) >= 0;)
        {
            output.Write(rest[..harmless]);
            rest = rest[harmless..];
            var length = LengthOfControl(rest);

            if (IsColour(rest[..length]) || (length == 0))
                output.Write(rest[..Math.Max(1, length)]);

            rest = rest[Math.Max(1, length)..];
        }

        output.Write(rest);
    }

    /// <summary>Of the control character or escape sequence at the beginning, as far as it is there; 0: it is none.</summary>
    private static int LengthOfControl(ReadOnlySpan<byte> text) => text switch
    {
        [Escape, (byte)'[', ..] => LengthOfControlSequence(text),
        [Escape, (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_', ..] => LengthOfString(text),
        [Escape, ..] => LengthOfEscape(text),
        [BeforeSecondControls, >= 0x80 and <= 0x9F, ..] => 2,
        [BeforeSecondControls, ..] => 0,
        _ => 1,
    };

    // Parameters and intermediate bytes, then one final byte.
    private static int LengthOfControlSequence(ReadOnlySpan<byte> text)
    {
        var inner = text[2..].IndexOfAnyExceptInRange((byte)0x20, (byte)0x3F);
        return inner < 0 ? text.Length : text[2 + inner] is >= 0x40 and <= 0x7E ? inner + 3 : inner + 2;
    }

    // Ends with BEL or with ESC \.
    private static int LengthOfString(ReadOnlySpan<byte> text)
    {
        var end = text[2..].IndexOfAny(Bell, Escape);
        return end < 0 ? text.Length : text[2 + end] == Bell ? end + 3 : text[(2 + end)..] is [_, (byte)'\\', ..] ? end + 4 : end + 2;
    }

    // Intermediate bytes, then one final byte.
    private static int LengthOfEscape(ReadOnlySpan<byte> text)
    {
        var inner = text[1..].IndexOfAnyExceptInRange((byte)0x20, (byte)0x2F);
        return inner < 0 ? text.Length : text[1 + inner] is >= 0x30 and <= 0x7E ? inner + 2 : inner + 1;
    }

    private static bool IsColour(ReadOnlySpan<byte> control) =>
        control is [Escape, (byte)'[', .. var parameters, (byte)'m'] && !parameters.ContainsAnyExceptInRange((byte)'0', (byte)';');
}
