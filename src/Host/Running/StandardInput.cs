using Microsoft.Win32.SafeHandles;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>
/// The standard input of one server: open and silent, or at its end from the start. Many builders (esbuild, Tailwind) take the end of their input for the end of
/// whoever started them. So this process alone holds the write end: no other child inherits it, and its death, or the end of the run, ends the input.
/// </summary>
internal sealed class StandardInput : IDisposable
{
    private readonly SafeFileHandle? _write;

    private StandardInput((SafeFileHandle Read, SafeFileHandle Write)? pipe) => (Read, _write) = (pipe?.Read, pipe?.Write);

    /// <summary>For the server; null: /dev/null.</summary>
    public SafeFileHandle? Read { get; }

    public static StandardInput Create(StandardInputMode mode) =>
        new(mode == StandardInputMode.Open ? AnonymousPipe.Create(large: false) : null);

    /// <summary>The server has its own descriptor, and ours would keep the pipe from ever breaking.</summary>
    public void CloseReadEnd() => Read?.Dispose();

    /// <summary>Ends the input.</summary>
    public void Dispose()
    {
        CloseReadEnd();
        _write?.Dispose();
    }
}
