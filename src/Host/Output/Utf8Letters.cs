namespace Supervisor.Host.Output;

/// <summary>Where bytes may be cut: a letter of UTF-8 whose bytes come in two texts is lost in both. Pure.</summary>
internal static class Utf8Letters
{
    private const int LongestLetter = 4;

    /// <summary>The bytes without the beginning of a letter at their end. Bytes that are no UTF-8 stay.</summary>
    public static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> bytes)
    {
        for (var fromEnd = 1; fromEnd < LongestLetter && fromEnd <= bytes.Length; fromEnd++)
        {
            var value = bytes[^fromEnd];

            if (!IsContinuation(value))
                return LengthOfLetter(value) > fromEnd ? bytes[..^fromEnd] : bytes;
        }

        return bytes;
    }

    private static bool IsContinuation(byte value) => (value & 0b1100_0000) == 0b1000_0000;

    private static int LengthOfLetter(byte first) => first switch
    {
        >= 0b1111_1000 => 1,
        >= 0b1111_0000 => 4,
        >= 0b1110_0000 => 3,
        >= 0b1100_0000 => 2,
        _ => 1,
    };
}
