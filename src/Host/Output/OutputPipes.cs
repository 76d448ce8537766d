using Microsoft.Win32.SafeHandles;
using Supervisor.Processes;

namespace Supervisor.Host.Output;

/// <summary>The stdout and stderr pipes of one process. The host keeps the read ends and closes the write ends once the process has them.</summary>
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

    /// <param name="large">1 MiB each: a host that stalls for seconds does not block its server.</param>
    public static OutputPipes Create(bool large) => new(AnonymousPipe.Create(large), AnonymousPipe.Create(large));

    /// <summary>The readers see the end of the output only after our write ends are closed.</summary>
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
