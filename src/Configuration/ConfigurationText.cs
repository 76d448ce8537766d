using System.Text;
using System.Text.Unicode;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration;

/// <summary>Reads the file's bytes and checks that they are text: at most 1 MiB of UTF-8 without NUL, with or without a byte order mark.</summary>
internal static class ConfigurationText
{
    public const int MaxBytes = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>null: the file is missing or is not text; the mistakes say why.</returns>
    public static ReadOnlyMemory<byte>? Load(string path, MistakeList mistakes)
    {
        try
        {
            if (Directory.Exists(path))
                return Wrong("is a folder; name the file in it");

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[MaxBytes + 1];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

            return read > MaxBytes ? Wrong("is larger than 1 MiB, the limit for a configuration") : Checked(buffer.AsMemory(0, read), mistakes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Wrong($"does not exist: {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong($"cannot be read: {e.Message}");
        }

        ReadOnlyMemory<byte>? Wrong(string message)
        {
            mistakes.Add("", default, message);
            return null;
        }
    }

    internal static ReadOnlyMemory<byte>? Checked(ReadOnlyMemory<byte> bytes, MistakeList mistakes)
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];

        if (FindTextError(bytes.Span) is not { } found)
            return bytes;

        mistakes.Add("", found.At is { } offset ? new LineMap(bytes).At(offset) : default, found.Message);
        return null;
    }

    private static (int? At, string Message)? FindTextError(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TrimStart(" \t\r\n"u8).IsEmpty)
            return (null, "is empty; it must hold at least {\"services\": {…}}");

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return (null, "is UTF-16; save it as UTF-8");

        if (FirstInvalid(bytes) is { } invalid)
            return (invalid, "is not UTF-8 here; save the file as UTF-8");

        return bytes.IndexOf((byte)0) is var nul and >= 0 ? (nul, "holds a NUL character") : null;
    }

    private static int? FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return null;

        var offset = 0;

        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            offset += consumed;

        return offset;
    }
}
