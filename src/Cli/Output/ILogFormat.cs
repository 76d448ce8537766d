using System.Buffers;

namespace Supervisor.Cli.Output;

/// <summary>How lines are written. Thread-safe: all services share one.</summary>
internal interface ILogFormat
{
    /// <summary>Severities and places are written, so that they must be found out.</summary>
    bool NeedsFacts { get; }

    /// <summary>From bytes to bytes.</summary>
    void Write(string service, in OutputLine line, in ReadLine read, IBufferWriter<byte> output);

    /// <summary>With its line end.</summary>
    string Of(string service, in ReadLine line);

    /// <summary>With its line end, about lines that were not read in time.</summary>
    string Missed(string service, long lines);
}
