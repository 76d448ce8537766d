namespace Supervisor.Configuration;

/// <summary>What <c>stop.command</c> finds in its environment beside the service's own variables.</summary>
public static class StopVariables
{
    /// <summary>The pid of the service's main process, which is a shell where one stays above the server; not set where none runs.</summary>
    public const string MainProcess = "SUPERVISOR_PID";
}
