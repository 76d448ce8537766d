using System.Buffers;

namespace Supervisor.Host.Output;

/// <summary>
/// The service's log file, in the format of Kubernetes' container runtimes: <c>2026-11-21T23:00:00.123456Z stdout F text</c>, with <c>P</c> for a part of
/// a longer line. The bytes of the text are the server's. Rotates, and keeps a few files. Lines are collected and written as one block, so the file
/// never holds half a line: a block that does not fit on the disk is truncated and lost. Not thread-safe: the output store owns it.
/// </summary>
internal sealed class LogFile(string path, TimeProvider time, LogsSpec? settings = null) : IDisposable
{
    private static readonly TimeSpan FileCheckPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Limits a block of many short lines: their timestamps are longer than their text.</summary>
    private const int MaxBlockSize = 64 * 1024;

    private readonly LogsSpec _settings = settings ?? LogsSpec.Default;
    private readonly ArrayBufferWriter<byte> _block = new();
    private readonly LinePrefix _prefix = new();
    private FileStream? _file;
    private long _length;
    private TimeSpan _nextCheck;
    private TimeSpan _retryAt;

    /// <summary>Why the last block could not be written; null: it was written.</summary>
    public string? LastError { get; private set; }

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        var prefix = _prefix.For(at, stream, partial);
        var target = _block.GetSpan(prefix.Length + line.Length + 1);
        prefix.CopyTo(target);
        line.CopyTo(target[prefix.Length..]);
        target[prefix.Length + line.Length] = (byte)'\n';
        _block.Advance(prefix.Length + line.Length + 1);

        if (_block.WrittenCount > MaxBlockSize)
            Flush();
    }

    /// <summary>Writes the collected lines. Does not throw for disk errors: see <see cref="LastError"/>.</summary>
    public void Flush()
    {
        var now = time.GetElapsedTime(0);

        if (_block.WrittenCount == 0 || (LastError is not null && now < _retryAt))
        {
            _block.ResetWrittenCount();
            return;
        }

        try
        {
            Prepare(now);
            _file!.Write(_block.WrittenSpan);
            _length += _block.WrittenCount;
            LastError = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LastError = failure.Message;
            _retryAt = now + RetryPeriod;
            TruncateToLastBlock();
        }
        finally
        {
            ResetBlock();
        }
    }

    public void Dispose() => Close();

    /// <summary>Blocks are small unless lines are megabytes long; a larger buffer is freed.</summary>
    private void ResetBlock()
    {
        if (_block.Capacity > 256 * 1024)
            _block.Clear();
        else
            _block.ResetWrittenCount();
    }

    private void Prepare(TimeSpan now)
    {
        if (_file is not null && now >= _nextCheck && !IsInPlace())
            Close();

        if (_file is not null && _length >= _settings.RotateAt)
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
        _nextCheck = now + FileCheckPeriod;
    }

    /// <summary>false: somebody deleted, moved or truncated the file, so the file at the path is shorter than what we wrote.</summary>
    private bool IsInPlace()
    {
        _nextCheck += FileCheckPeriod;
        var there = new FileInfo(path);
        return there.Exists && (!_file!.CanSeek || there.Length >= _length);
    }

    private void Rotate()
    {
        Close();

        for (var number = _settings.Files - 1; number >= 1; number--)
        {
            var older = number == 1 ? path : $"{path}.{number - 1}";

            if (File.Exists(older))
                File.Move(older, $"{path}.{number}", overwrite: true);
        }
    }

    private void TruncateToLastBlock()
    {
        try
        {
            if (_file is { CanSeek: true })
                _file.SetLength(_length);
        }
        catch (IOException)
        {
            // Truncating failed too. The next write opens the file again and reads its real length.
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
            // The stream is unbuffered, so nothing is left to write.
        }

        _file = null;
    }
}
