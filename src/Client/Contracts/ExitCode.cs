namespace Supervisor.Client;

/// <summary>The exit codes of every executable of ours; part of the command line's contract.</summary>
public enum ExitCode
{
    Ok = 0,
    Failed = 1,
    BadUsage = 2,
    NotRunning = 3,
    NoSuchService = 4,

    /// <summary><c>status</c>: at least one service is stale, unhealthy, blocked, failed or in a crash loop.</summary>
    Unhealthy = 5,

    WaitTimedOut = 17,

    /// <summary><c>wait</c>: the service is in a state from which it cannot reach the wanted one by itself.</summary>
    FailedWhileWaiting = 18,

    /// <summary>A child exits with this when another one already does its work (a second host for the same service).</summary>
    TemporaryFailure = 75,

    BadConfig = 78,
}
