namespace Supervisor.Host.Output;

/// <summary>Takes what a pump reads, line by line, on the pump's thread.</summary>
internal interface IOutputSink
{
    /// <param name="line">Valid during the call only.</param>
    void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial);

    /// <summary>A chunk has been added: nothing more is to be had at the moment.</summary>
    void Flush();
}
