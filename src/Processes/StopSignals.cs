using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>
/// Handles the signals that ask this process to stop: the first SIGTERM or SIGINT stops in order (false), a second one without grace (true). SIGHUP is
/// ignored, because the process has no terminal. Active until disposed.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly Action<bool> _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

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
            _stop(Interlocked.Increment(ref _signals) > 1);
    }
}
