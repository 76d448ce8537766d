namespace Supervisor.Client;

/// <summary>The exit codes of every executable of ours; part of the command line's contract.</summary>
public enum ExitCode
{
    Ok = 0,
    Failed = 1,
    BadUsage = 2,
    NotRunning = 3,
    NoSuchService = 4,

    /// <summary><c>status</c>: at least one service is stale, blocked or in a crash loop.</summary>
    Unhealthy = 5,

    WaitTimedOut = 17,

    /// <summary><c>wait</c>: the service came to a state from which it cannot reach the wanted one by itself.</summary>
    FailedWhileWaiting = 18,

    /// <summary>A child that found its work already done by another one (a second host for the same service) leaves with this.</summary>
    TemporaryFailure = 75,

    BadConfig = 78,
}
