using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher;

/// <summary>
/// Notices that we did not run: stopped by a signal, by a debugger, or asleep with the machine. What a kernel, a mount or a clock did meanwhile nobody has
/// told us. Not thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SuspendDetector : IDisposable
{
    /// <summary>Longer than any wait for a processor that was measured on a machine which is merely busy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // The signal is heard of by another thread, a moment before or after the loop runs again.
    private static readonly TimeSpan SignalDelay = TimeSpan.FromSeconds(5);

    private readonly PosixSignalRegistration _continuing;
    private TimeSpan _timeAsleep = Clocks.TimeAsleep();
    private TimeSpan _lastChecked;
    private TimeSpan? _longIterationEnded;
    private volatile bool _wasContinued;

    public SuspendDetector() => _continuing = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _wasContinued = true);

    /// <summary>To be asked after each wait. True: one of more than <see cref="Longest"/> has ended.</summary>
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

    /// <summary>A stop in the midst of work makes no wait late: the work has taken long, and somebody has sent SIGCONT.</summary>
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
