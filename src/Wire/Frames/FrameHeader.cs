using System.Text;

namespace Supervisor.Wire.Frames;

/// <summary>The parsed header of a message: the bytes before the empty line. Pure.</summary>
internal abstract record FrameHeader
{
    /// <summary>The body has <paramref name="Length"/> bytes, at most <see cref="FrameLimits.BodyBytes"/>.</summary>
    internal sealed record Complete(int Length) : FrameHeader;

    /// <summary>The end of the body is unknown: nothing that follows can be read.</summary>
    internal sealed record Wrong(int Code, string Why) : FrameHeader;

    public static FrameHeader Parse(ReadOnlySpan<byte> header)
    {
        int? length = null;

        foreach (var range in header.Split("\r\n"u8))
        {
            var line = header[range];
            var colon = line.IndexOf((byte)':');

            if (colon <= 0)
                return Malformed("the header has a line without a name");

            var value = line[(colon + 1)..].Trim(" \t"u8);

            if (Is(line[..colon], "Content-Type"))
            {
                if (!IsUtf8(value))
                    return Malformed("the Content-Type names another charset than utf-8");
            }
            else if (Is(line[..colon], "Content-Length"))
            {
                if (length is not null)
                    return Malformed("the Content-Length is given twice");

                if (ReadNumber(value) is not { } parsed)
                    return Malformed("the Content-Length is not a number");

                if (parsed > FrameLimits.BodyBytes)
                    return new Wrong(ErrorCode.InvalidRequest, $"the message is longer than {FrameLimits.BodyBytes} bytes");

                length = (int)parsed;
            }
        }

        return length is { } bytes ? new Complete(bytes) : Malformed("the header has no Content-Length");
    }

    private static Wrong Malformed(string why) => new(ErrorCode.ParseError, why);

    private static bool Is(ReadOnlySpan<byte> name, string expected) => Ascii.EqualsIgnoreCase(name, expected);

    /// <summary>Saturates: a number of thirty digits is too large, not malformed.</summary>
    private static long? ReadNumber(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return null;

        long length = 0;

        foreach (var digit in value)
        {
            if (!char.IsAsciiDigit((char)digit))
                return null;

            length = Math.Min(length * 10 + (digit - '0'), int.MaxValue);
        }

        return length;
    }

    private static bool IsUtf8(ReadOnlySpan<byte> contentType)
    {
        var text = Encoding.Latin1.GetString(contentType);
        var charset = text.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);

        if (charset < 0)
            return true;

        // vscode-jsonrpc wrote "utf8" once; both spellings are in use.
        var name = text[(charset + "charset=".Length)..].Split(';')[0].Trim().Trim('"');
        return name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase);
    }
}
