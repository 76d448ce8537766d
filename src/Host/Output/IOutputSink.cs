namespace Supervisor.Host.Output;

/// <summary>Receives the lines that a pump reads, on the pump's thread.</summary>
internal interface IOutputSink
{
    /// <param name="line">Valid only during the call.</param>
    void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial);

    /// <summary>A chunk has been added, and no further output is available now.</summary>
    void Flush();
}
