using Supervisor.Stress.Faults;
using Supervisor.Stress.Jobs;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Commands;

/// <summary>Prints the output of <c>--list</c>: one line for each scenario, job and fault.</summary>
internal static class ListPrinter
{
    public static async Task<int> PrintAsync(TextWriter output)
    {
        await PrintAsync(output, "Scenarios", Scenarios.All.Select(scenario => (scenario.Name, scenario.Summary, (string?)null)));
        await PrintAsync(output, "Jobs", JobCatalogue.All.Select(job => (job.Name, job.Summary, job.Missing)));
        await PrintAsync(output, "Faults", FaultCatalogue.All.Select(fault => (fault.Name, fault.Summary, fault.Missing)));
        return 0;
    }

    private static async Task PrintAsync(TextWriter output, string title, IEnumerable<(string Name, string Summary, string? Missing)> entries)
    {
        await output.WriteLineAsync(title);
        foreach (var (name, summary, missing) in entries)
            await output.WriteLineAsync($"  {name,-24}{summary}{(missing is null ? "" : $" (skipped here: {missing} is missing)")}");
    }
}
