using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// Signals that this process inherited as ignored. The runtime leaves them so, whatever handler is registered: <c>nohup</c> counts on that for SIGHUP.
/// </summary>
public static unsafe class DefaultSignal
{
    private const nint SIG_IGN = 1;

    /// <summary>Gives an ignored signal its default action, so that a handler can be registered. Call it before the runtime first looks at signals: before it starts a process or uses a terminal.</summary>
    public static void RestoreInterrupt()
    {
        var action = stackalloc byte[LibC.SigActionSize];
        new Span<byte>(action, LibC.SigActionSize).Clear();

        // The handler is the first field.
        if (LibC.sigaction(LibC.SIGINT, null, action) != 0 || *(nint*)action != SIG_IGN)
            return;

        new Span<byte>(action, LibC.SigActionSize).Clear();
        LibC.sigaction(LibC.SIGINT, action, null);
    }
}
