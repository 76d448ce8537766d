using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Supervisor.Stress.Compare;
using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Commands;

/// <summary>Runs the same load against supervisor and comparable tools. It gives no verdict, only figures for each tool.</summary>
internal static class CompareCommand
{
    private static readonly ComparePlan Standard = ComparePlan.Standard;

    public static Command Build()
    {
        var seed = new Option<int>("--seed") { Description = "The same seed makes the same tree and the same jobs.", DefaultValueFactory = _ => Standard.Seed };
        var load = DurationOption.Create("--load", "How long jobs run against each tool.", Standard.Load, TimeSpan.FromSeconds(5));
        var period = DurationOption.Create("--period", "Time from one job to the next.", Standard.Period, TimeSpan.FromMilliseconds(100));
        var kills = new Option<int>("--kills") { Description = "How often each tool's watching component is killed.", DefaultValueFactory = _ => Standard.Kills };
        var only = new Option<string[]>("--only") { Description = "Only these tools.", AllowMultipleArgumentsPerToken = true, HelpName = "TOOL" };
        only.AcceptOnlyFromAmong([.. ToolCatalogue.All.Select(tool => tool.Name)]);
        var report = new Option<DirectoryInfo?>("--report") { Description = "Folder for compare.html and compare.json (stress-reports/…).", HelpName = "FOLDER" };
        var command = new Command("compare", "Runs the same load against comparable tools, where they are installed, and reports the figures of each.")
        {
            seed, load, period, kills, only, report,
        };
        command.SetAction((parsed, stopping) => RunAsync(
            new ComparePlan(
                parsed.GetValue(seed), parsed.GetValue(load), parsed.GetValue(period), Math.Max(0, parsed.GetValue(kills)), parsed.GetValue(only) ?? []),
            parsed.GetValue(report)?.FullName, parsed.InvocationConfiguration.Output, stopping));
        return command;
    }

    private static async Task<int> RunAsync(ComparePlan plan, string? folder, TextWriter output, CancellationToken stopping)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-compare-{plan.Seed}");
        folder = Directory.CreateDirectory(folder ?? Path.Combine("stress-reports", name)).FullName;
        var report = await Comparison.RunAsync(plan, output.WriteLine, stopping);
        var page = Path.Combine(folder, "compare.html");
        await File.WriteAllTextAsync(page, ComparePage.Write(report), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "compare.json"), CompareJson.Write(report), CancellationToken.None);

        // A file has no width of its own; seven columns need more than the default.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 200;

        CompareTable.Draw(AnsiConsole.Console, report);
        await output.WriteLineAsync(page);
        return (int)ExitCode.Ok;
    }
}
