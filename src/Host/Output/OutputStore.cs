using System.Text;

namespace Supervisor.Host.Output;

/// <summary>
/// Everything the service says, from its server and from its host, in one order: in the ring for viewers, in the log file for later. Thread-safe.
/// A full disk costs lines of the file, never the server; the ring serves on, and one warning a minute says so.
/// </summary>
internal sealed class OutputStore(OutputRing ring, LogFile file, Action<string> warn, TimeProvider time) : IOutputSink, IDisposable
{
    private static readonly TimeSpan WarningPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimeSpan? _warnedAt;

    private volatile Action<ReadOnlyMemory<byte>>? _listeners;

    public OutputRing Ring => ring;

    /// <summary>From now on the listener sees every whole line of the server, on the reading thread.</summary>
    public void Listen(Action<ReadOnlyMemory<byte>> listener)
    {
        lock (_lock)
            _listeners += listener;
    }

    /// <summary>Ends that for this listener and no other. Harmless twice.</summary>
    public void StopListening(Action<ReadOnlyMemory<byte>> listener)
    {
        lock (_lock)
            _listeners -= listener;
    }

    public void Say(string text)
    {
        var now = time.GetUtcNow();

        foreach (var line in text.Split('\n'))
            Add(now, OutputStream.Host, Encoding.UTF8.GetBytes(line), partial: false);

        Flush();
    }

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        ring.Write(at, stream, line, partial);

        lock (_lock)
            file.Add(at, stream, line, partial);

        if (stream != OutputStream.Host && _listeners is { } listeners)
            listeners(line.ToArray());
    }

    /// <summary>Called when a chunk of output has been added: one write for all its lines.</summary>
    public void Flush()
    {
        string? trouble;

        lock (_lock)
        {
            file.Flush();
            trouble = DueWarning();
        }

        if (trouble is not null)
            warn(trouble);
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

        if (file.Trouble is null || now - _warnedAt < WarningPeriod)
            return null;

        _warnedAt = now;
        return file.Trouble;
    }
}
