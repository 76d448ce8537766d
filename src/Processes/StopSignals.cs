using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>
/// What signals ask of a process that stops in order: the first SIGTERM or SIGINT in order (false), a second one without grace (true). A hang-up means nothing
/// to a process without a terminal. Until it is disposed.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly Action<bool> _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private int _asked;

    /// <param name="stop">Called on another thread; must not block.</param>
    public StopSignals(Action<bool> stop)
    {
        _stop = stop;
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;

        if (context.Signal != PosixSignal.SIGHUP)
            _stop(Interlocked.Increment(ref _asked) > 1);
    }
}
