using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher;

/// <summary>
/// Notices that we did not run: stopped by a signal, by a debugger, or asleep with the machine. What a kernel, a mount or a clock did meanwhile nobody has
/// told us. Not thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Standstill
{
    /// <summary>Longer than any wait for a processor that was measured on a machine which is merely busy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _slept = Clocks.TimeAsleep();

    /// <summary>To be asked after each wait. True: one of more than <see cref="Longest"/> has ended.</summary>
    /// <param name="due">When the wait should have ended at the latest, on a clock that stands still while the machine sleeps.</param>
    public bool IsOver(TimeSpan due, TimeSpan now)
    {
        var (sleptBefore, slept) = (_slept, Clocks.TimeAsleep());
        _slept = slept;
        return now - due > Longest || slept - sleptBefore > Longest;
    }
}
