using System.Buffers;

namespace Supervisor.Host.Output;

/// <summary>
/// The service's log file, in the format of Kubernetes' container runtimes: <c>2026-11-21T23:00:00.123456Z stdout F text</c>, <c>P</c> for a piece of
/// a longer line; the text's bytes are the server's own. Rotates at 10 MB, keeps five. Lines are gathered and written as one block, so that the
/// file never holds half a line: a block that does not fit on the disk is cut off again, and is gone. Not thread-safe: the output store owns it.
/// </summary>
internal sealed class LogFile(string path, TimeProvider time, long rotateAt = LogFile.RotateAt) : IDisposable
{
    public const long RotateAt = 10_000_000;
    public const int Kept = 5;

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Many tiny lines in one chunk of output: their time stamps are many times what they say.</summary>
    private const int LargeBlock = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _block = new();
    private readonly LineHead _head = new();
    private FileStream? _file;
    private long _length;
    private TimeSpan _nextLook;
    private TimeSpan _retryAt;

    /// <summary>Why the last block is not in the file; null: it is.</summary>
    public string? Trouble { get; private set; }

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        var head = _head.Of(at, stream, partial);
        var place = _block.GetSpan(head.Length + line.Length + 1);
        head.CopyTo(place);
        line.CopyTo(place[head.Length..]);
        place[head.Length + line.Length] = (byte)'\n';
        _block.Advance(head.Length + line.Length + 1);

        if (_block.WrittenCount > LargeBlock)
            Flush();
    }

    /// <summary>Writes what was added. Never throws for what the disk does: see <see cref="Trouble"/>.</summary>
    public void Flush()
    {
        var now = time.GetElapsedTime(0);

        if (_block.WrittenCount == 0 || (Trouble is not null && now < _retryAt))
        {
            _block.ResetWrittenCount();
            return;
        }

        try
        {
            Prepare(now);
            _file!.Write(_block.WrittenSpan);
            _length += _block.WrittenCount;
            Trouble = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Trouble = failure.Message;
            _retryAt = now + RetryPeriod;
            CutOff();
        }
        finally
        {
            Forget();
        }
    }

    public void Dispose() => Close();

    /// <summary>A block is small but for lines of megabytes; its buffer is not kept beyond that.</summary>
    private void Forget()
    {
        if (_block.Capacity > 256 * 1024)
            _block.Clear();
        else
            _block.ResetWrittenCount();
    }

    private void Prepare(TimeSpan now)
    {
        if (_file is not null && now >= _nextLook && !IsStillThere())
            Close();

        if (_file is not null && _length >= rotateAt)
            Rotate();

        if (_file is not null)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        });
        _length = _file.CanSeek ? _file.Length : 0;
        _nextLook = now + LookPeriod;
    }

    /// <summary>Somebody deleted, moved or emptied the file: what lies at the path is then shorter than what we wrote.</summary>
    private bool IsStillThere()
    {
        _nextLook += LookPeriod;
        var there = new FileInfo(path);
        return there.Exists && (!_file!.CanSeek || there.Length >= _length);
    }

    private void Rotate()
    {
        Close();

        for (var number = Kept - 1; number >= 1; number--)
        {
            var older = number == 1 ? path : $"{path}.{number - 1}";

            if (File.Exists(older))
                File.Move(older, $"{path}.{number}", overwrite: true);
        }
    }

    private void CutOff()
    {
        try
        {
            if (_file is { CanSeek: true })
                _file.SetLength(_length);
        }
        catch (IOException)
        {
            // The disk refuses even that. The file is opened anew next time, which finds its real length.
        }

        Close();
    }

    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // Unbuffered: there was nothing left to write, so nothing is lost.
        }

        _file = null;
    }
}
