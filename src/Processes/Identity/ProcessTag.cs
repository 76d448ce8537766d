namespace Supervisor.Processes;

/// <summary>The tag that a service's processes have in their environment, and the process above. Linux tells both to the same user only.</summary>
public static class ProcessTag
{
    /// <returns>
    /// <c>TREE/SERVICE</c>, or <c>TREE/SERVICE+COMMAND</c> for a command beside the server; null: it has none, has ended, or has written over its environment.
    /// </returns>
    public static string? Read(int pid) => ProcFile.Variable(pid, ProcessScope.TagVariable) is { Length: > 0 } tag ? tag : null;

    /// <summary>null: it has ended.</summary>
    public static int? Parent(int pid) => ProcFile.TryReadStat(pid)?.Parent;
}
