using System.Text;

namespace Supervisor.Cli.Rendering;

/// <summary>
/// Writes to a standard stream and never throws: on a full disk (ENOSPC), a hung-up terminal (EIO) or a closed pipe (EPIPE) it gives up
/// writing, so that the command goes on to stop what it has to stop. Thread-safe.
/// </summary>
internal sealed class SteadyWriter(Stream stream) : TextWriter
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
                // Nobody can read us any more, and there is nowhere left to say so.
                _gaveUp = true;
            }
        }
    }
}

internal static class TextWriterBytes
{
    /// <summary>Writes UTF-8 as it is where the writer is one of bytes.</summary>
    public static void WriteBytes(this TextWriter writer, ReadOnlySpan<byte> text)
    {
        if (writer is SteadyWriter steady)
            steady.WriteBytes(text);
        else
            writer.Write(Encoding.UTF8.GetString(text));
    }
}
