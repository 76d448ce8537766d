using System.Runtime.InteropServices;

namespace Supervisor.Cli.Foreground;

/// <summary>How far the stop has gone; every interrupt leads to the next stage, a hang-up only to the first.</summary>
internal enum StopStage
{
    None,

    /// <summary>With the grace period of each service.</summary>
    Graceful,

    /// <summary>Without grace periods.</summary>
    Now,

    /// <summary>The command returns although the parent has not answered.</summary>
    Abandon,
}

internal static class StopStages
{
    /// <summary>
    /// The stage that a signal leads to. A terminal that was closed says so several times (its shell and the kernel send SIGHUP, its output ends), and nobody pressed
    /// Ctrl-C twice.
    /// </summary>
    public static StopStage After(this StopStage stage, PosixSignal signal) => (stage, signal) switch
    {
        (StopStage.None, _) => StopStage.Graceful,
        (_, PosixSignal.SIGHUP) => stage,
        (StopStage.Graceful, _) => StopStage.Now,
        _ => StopStage.Abandon,
    };
}
