using Microsoft.Win32.SafeHandles;
using Supervisor.Processes;

namespace Supervisor.Host.Output;

/// <summary>The two pipes of one process's output. We keep the ends that read; the write ends are closed here once the process has them.</summary>
internal sealed class OutputPipes : IDisposable
{
    private OutputPipes((SafeFileHandle Read, SafeFileHandle Write) output, (SafeFileHandle Read, SafeFileHandle Write) error)
    {
        (OutputRead, OutputWrite) = output;
        (ErrorRead, ErrorWrite) = error;
    }

    public SafeFileHandle OutputRead { get; }

    public SafeFileHandle OutputWrite { get; }

    public SafeFileHandle ErrorRead { get; }

    public SafeFileHandle ErrorWrite { get; }

    /// <param name="large">1 MiB each: a host that is held up for seconds does not hold up its server.</param>
    public static OutputPipes Create(bool large) => new(OwnPipe.Create(large), OwnPipe.Create(large));

    /// <summary>While we hold them too, the readers would never see the end.</summary>
    public void CloseWriteEnds()
    {
        OutputWrite.Dispose();
        ErrorWrite.Dispose();
    }

    public void Dispose()
    {
        CloseWriteEnds();
        OutputRead.Dispose();
        ErrorRead.Dispose();
    }
}
