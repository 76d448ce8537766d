namespace Supervisor.Cli.Doctor;

/// <summary>What dead runs have left, as findings. Pure.</summary>
internal static class LeftoverChecks
{
    private const string Check = "leftovers";
    private const string Clean = "supervisor doctor --clean";

    public static IEnumerable<Finding> Of(IReadOnlyList<DeadRun> runs) => runs.Count == 0
        ? [new Finding(Check, Severity.Ok, "no dead run has left anything")]
        : runs.Select(Of);

    private static Finding Of(DeadRun run) => run.Processes.Count == 0
        ? new Finding(
            Check, Severity.Advice, $"{run.Runtime.Root} is left by a dead run{In(run)}", "It does no harm: the next start of that tree uses it.", Clean)
        : new Finding(
            Check, Severity.Mend, $"a dead run{In(run)} has left {(run.Processes.Count == 1 ? "a process" : $"{run.Processes.Count} processes")}",
            "They keep their ports and memory, and no changed file reaches them. \"supervisor start\" there takes over the servers whose host lives and ends the others.",
            Clean, run.Processes);

    private static string In(DeadRun run) => run.ConfigFolder is { } folder ? $" in {folder}" : "";
}
