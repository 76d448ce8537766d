using System.Text;

namespace Supervisor.Cli.Rendering;

/// <summary>
/// Writes to a standard stream and never throws: after a full disk (ENOSPC), a closed terminal (EIO) or a closed pipe (EPIPE) it writes nothing more,
/// so that the command can still stop the tree. Thread-safe.
/// </summary>
internal sealed class NonThrowingWriter(Stream stream) : TextWriter
{
    private readonly Lock _gate = new();
    private bool _gaveUp;

    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var bytes = new byte[Encoding.GetMaxByteCount(buffer.Length)];
        WriteBytes(bytes.AsSpan(0, Encoding.GetBytes(buffer, bytes)));
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_gaveUp)
                return;

            try
            {
                stream.Write(bytes);
                stream.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // No one can read the output any more, so there is nowhere to report it.
                _gaveUp = true;
            }
        }
    }
}

internal static class TextWriterBytes
{
    /// <summary>Writes UTF-8 without decoding if the writer takes bytes.</summary>
    public static void WriteBytes(this TextWriter writer, ReadOnlySpan<byte> text)
    {
        if (writer is NonThrowingWriter bytes)
            bytes.WriteBytes(text);
        else
            writer.Write(Encoding.UTF8.GetString(text));
    }
}
