using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// All output of the server and of its host, in one order: in the ring for viewers, in the log file for later. Thread-safe. A full disk loses lines of the
/// file, but does not affect the server or the ring; one warning per minute reports it.
/// </summary>
internal sealed class OutputStore(OutputRing ring, LogFile file, Action<string> warn, TimeProvider time) : IOutputSink, IDisposable
{
    private static readonly TimeSpan WarningPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimeSpan? _warnedAt;

    private readonly OpenLine[] _openLines = [new(), new()];

    private volatile Action<ReadOnlyMemory<byte>>? _subscribers;

    public OutputRing Ring => ring;

    /// <summary>Gets the lines of the host, too; null: nobody else does. Called on the thread that writes them.</summary>
    public Action<string>? HostLineWritten { get; init; }

    /// <summary>
    /// Calls the subscriber with every line of the server, on the reading thread. With a line that comes in parts it is called for each, with the line so far.
    /// </summary>
    public void Subscribe(Action<ReadOnlyMemory<byte>> subscriber)
    {
        lock (_lock)
            _subscribers += subscriber;
    }

    /// <summary>Removes this subscriber. May be called twice.</summary>
    public void Unsubscribe(Action<ReadOnlyMemory<byte>> subscriber)
    {
        lock (_lock)
            _subscribers -= subscriber;
    }

    public void WriteHostLines(string text)
    {
        var now = time.GetUtcNow();

        foreach (var line in text.Split('\n'))
        {
            Add(now, OutputStream.Host, Encoding.UTF8.GetBytes(line), partial: false);
            HostLineWritten?.Invoke(line);
        }

        Flush();
    }

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        ring.Write(at, stream, line, partial);

        lock (_lock)
            file.Add(at, stream, line, partial);

        if (stream == OutputStream.Host)
            return;

        var soFar = _openLines[(int)stream].With(line, partial);

        if (_subscribers is { } subscribers)
            subscribers(soFar.ToArray());
    }

    /// <summary>Called after each chunk of output: writes all its lines at once.</summary>
    public void Flush()
    {
        string? error;

        lock (_lock)
        {
            file.Flush();
            error = DueWarning();
        }

        if (error is not null)
            warn(error);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            file.Flush();
            file.Dispose();
        }
    }

    private string? DueWarning()
    {
        var now = time.GetElapsedTime(0);

        if (file.LastError is null || now - _warnedAt < WarningPeriod)
            return null;

        _warnedAt = now;
        return file.LastError;
    }
}
