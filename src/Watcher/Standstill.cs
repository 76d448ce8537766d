using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher;

/// <summary>
/// Notices that we did not run: stopped by a signal, by a debugger, or asleep with the machine. What a kernel, a mount or a clock did meanwhile nobody has
/// told us. Not thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Standstill : IDisposable
{
    /// <summary>Longer than any wait for a processor that was measured on a machine which is merely busy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // The signal is heard of by another thread, a moment before or after the loop runs again.
    private static readonly TimeSpan Hearsay = TimeSpan.FromSeconds(5);

    private readonly PosixSignalRegistration _continuing;
    private TimeSpan _slept = Clocks.TimeAsleep();
    private TimeSpan _lastAsked;
    private TimeSpan? _longSpanEnded;
    private volatile bool _wasContinued;

    public Standstill() => _continuing = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _wasContinued = true);

    /// <summary>To be asked after each wait. True: one of more than <see cref="Longest"/> has ended.</summary>
    /// <param name="due">When the wait should have ended at the latest, on a clock that stands still while the machine sleeps.</param>
    public bool IsOver(TimeSpan due, TimeSpan now)
    {
        var (sleptBefore, slept) = (_slept, Clocks.TimeAsleep());
        _slept = slept;
        var wasStopped = WasStoppedAtWork(now);

        if (now - due <= Longest && slept - sleptBefore <= Longest && !wasStopped)
            return false;

        _longSpanEnded = null;
        return true;
    }

    public void Dispose() => _continuing.Dispose();

    /// <summary>A stop in the midst of work makes no wait late: the work has taken long, and somebody has sent SIGCONT.</summary>
    private bool WasStoppedAtWork(TimeSpan now)
    {
        if (now - _lastAsked > Longest)
            _longSpanEnded = now;

        _lastAsked = now;
        var isRecent = now - _longSpanEnded < Hearsay;
        var wasStopped = isRecent && _wasContinued;

        if (wasStopped || !isRecent)
            _wasContinued = false;

        return wasStopped;
    }
}
