namespace Supervisor.Processes;

/// <summary>Finds the service that a process belongs to, by the tag in its environment or in that of the nearest process above it that has one.</summary>
public static class ProcessTag
{
    /// <returns><c>TREE/SERVICE</c>, or <c>TREE/SERVICE+COMMAND</c> for a command beside the server; null: no supervised process, or its environment may not be read.</returns>
    public static string? Find(int pid)
    {
        for (var (above, seen) = (pid, new HashSet<int>()); above > 1 && seen.Add(above); above = Parent(above) ?? 0)
        {
            if (ProcFile.Variable(above, ProcessScope.TagVariable) is { Length: > 0 } tag)
                return tag;
        }

        return null;
    }

    /// <summary>null: it has ended.</summary>
    public static int? Parent(int pid) => ProcFile.TryReadStat(pid)?.Parent;
}
