using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Supervisor.Filtering;

/// <summary>
/// The kernel's names are bytes, ours are strings. Bytes that are no UTF-8 become lone low surrogates (byte <c>b</c> is U+DC00 + <c>b</c>,
/// as in Python's <c>surrogateescape</c>), so that every name, and a path made of names, comes back byte for byte. Pure; any thread.
/// </summary>
public static class FileName
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const int EscapeOffset = 0xDC00;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 256)
        {
            Span<char> small = stackalloc char[256];
            return new string(small[..Decode(bytes, small)]);
        }

        var rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        var name = new string(rented.AsSpan(0, Decode(bytes, rented)));
        ArrayPool<char>.Shared.Return(rented);
        return name;
    }

    /// <param name="chars">At least as long as <paramref name="bytes"/>.</param>
    /// <returns>How many characters were written.</returns>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        // No byte becomes more than one character.
        if (chars.Length < bytes.Length)
            throw new ArgumentException("The room is shorter than the name.", nameof(chars));

        var written = 0;
        int made;

        while (Utf8.ToUtf16(bytes, chars[written..], out var read, out made, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            written += made;
            bytes = bytes[read..];
            Rune.DecodeFromUtf8(bytes, out _, out var malformed);

            foreach (var bad in bytes[..malformed])
                chars[written++] = (char)(EscapeOffset + bad);

            bytes = bytes[malformed..];
        }

        return written + made;
    }

    public static byte[] Encode(ReadOnlySpan<char> name)
    {
        var bytes = new byte[MaxBytes(name.Length)];
        return bytes[..Encode(name, bytes)];
    }

    /// <summary>Room that <see cref="Encode(ReadOnlySpan{char}, Span{byte})"/> may need for so many characters.</summary>
    public static int MaxBytes(int characters) => characters * 3;

    /// <param name="bytes">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">The name holds a surrogate that no decoding makes.</exception>
    public static int Encode(ReadOnlySpan<char> name, Span<byte> bytes)
    {
        if (bytes.Length < MaxBytes(name.Length))
            throw new ArgumentException("The room is shorter than the name may need.", nameof(bytes));

        var written = 0;
        int made;

        while (Utf8.FromUtf16(name, bytes[written..], out var read, out made, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            var lone = name[read];
            written += made;

            if (lone is < FirstEscape or > LastEscape)
                throw new ArgumentException($"U+{(int)lone:X4} stands alone: no file name decodes to it.", nameof(name));

            bytes[written++] = (byte)(lone - EscapeOffset);
            name = name[(read + 1)..];
        }

        return written + made;
    }

    /// <summary>
    /// For people, logs and the wire: one line, valid Unicode. Undecodable bytes and control characters are written as <c>\xff</c>,
    /// <c>\n</c>, <c>\t</c>; what turns the writing direction as <c>\u202e</c>; a backslash is doubled. The same string object where
    /// nothing needs it.
    /// </summary>
    public static string Printable(string name)
    {
        var firstOdd = 0;
        while (firstOdd < name.Length && !NeedsEscape(name[firstOdd]) && !char.IsSurrogate(name[firstOdd]))
            firstOdd++;

        if (firstOdd == name.Length)
            return name;

        var text = new StringBuilder(name, 0, firstOdd, name.Length + 16);
        var rest = name.AsSpan(firstOdd);

        while (!rest.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out _, out var consumed) == OperationStatus.Done;

            if (isWhole && !NeedsEscape(rest[0]))
                text.Append(rest[..consumed]);
            else
                AppendEscaped(text, rest[0]);

            rest = rest[consumed..];
        }

        return text.ToString();
    }

    private static bool NeedsEscape(char c) =>
        c == '\\' || char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static void AppendEscaped(StringBuilder text, char c) => _ = c switch
    {
        '\\' => text.Append(@"\\"),
        '\n' => text.Append(@"\n"),
        '\r' => text.Append(@"\r"),
        '\t' => text.Append(@"\t"),
        >= FirstEscape and <= LastEscape => text.Append(CultureInfo.InvariantCulture, $@"\x{c - EscapeOffset:x2}"),
        < '\u0100' => text.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
        _ => text.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
    };
}
