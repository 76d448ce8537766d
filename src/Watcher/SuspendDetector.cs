using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher;

/// <summary>
/// Detects that this process did not run for a while: a signal or a debugger stopped it, or the machine slept. No event reports what the kernel, a mount or
/// a clock did meanwhile. Not thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SuspendDetector : IDisposable
{
    /// <summary>Longer than any wait for a processor that was measured on a busy machine.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // Another thread receives the signal, a moment before or after the loop runs again.
    private static readonly TimeSpan SignalDelay = TimeSpan.FromSeconds(5);

    private readonly PosixSignalRegistration _continuing;
    private TimeSpan _timeAsleep = Clocks.TimeAsleep();
    private TimeSpan _lastChecked;
    private TimeSpan? _longIterationEnded;
    private volatile bool _wasContinued;

    public SuspendDetector() => _continuing = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _wasContinued = true);

    /// <summary>Call it after each wait. True: a pause of more than <see cref="Longest"/> has ended.</summary>
    /// <param name="due">When the wait should have ended at the latest, on a clock that stands still while the machine sleeps.</param>
    public bool HasResumed(TimeSpan due, TimeSpan now)
    {
        var (sleptBefore, slept) = (_timeAsleep, Clocks.TimeAsleep());
        _timeAsleep = slept;
        var wasStopped = WasStoppedWhileWorking(now);

        if (now - due <= Longest && slept - sleptBefore <= Longest && !wasStopped)
            return false;

        _longIterationEnded = null;
        return true;
    }

    public void Dispose() => _continuing.Dispose();

    /// <summary>A stop during work makes no wait late. It shows as work that took long, followed by SIGCONT.</summary>
    private bool WasStoppedWhileWorking(TimeSpan now)
    {
        if (now - _lastChecked > Longest)
            _longIterationEnded = now;

        _lastChecked = now;
        var isRecent = now - _longIterationEnded < SignalDelay;
        var wasStopped = isRecent && _wasContinued;

        if (wasStopped || !isRecent)
            _wasContinued = false;

        return wasStopped;
    }
}
