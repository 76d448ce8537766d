using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>A process of a tree, and what it does with one signal.</summary>
/// <param name="Program">Its file name.</param>
/// <param name="Catches">It has a handler for the signal.</param>
/// <param name="Blocks">It takes the signal with sigwait or signalfd, or it blocks all signals for a moment (during a fork).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SignalReceiver(int Pid, int Parent, string Program, bool Catches, bool Blocks)
{
    /// <summary>null: no such process (any more).</summary>
    public static SignalReceiver? TryRead(int pid, int signal) =>
        ProcFile.TryReadStat(pid) is { } stat && ProcFile.Name(pid) is { } program
            ? new SignalReceiver(pid, stat.Parent, program, IsIn("SigCgt:", pid, signal), IsIn("SigBlk:", pid, signal))
            : null;

    // A mask in hexadecimal; the lowest bit is signal 1.
    private static bool IsIn(string mask, int pid, int signal) =>
        ProcFile.StatusField(pid, mask) is { } bits && (ulong.Parse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
}
