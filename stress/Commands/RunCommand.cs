using System.CommandLine;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Running;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Commands;

/// <summary>The harness without a command: one run of one scenario.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    public static RootCommand Build(RootCommand root)
    {
        var duration = DurationOption.Create("--duration", "How long the schedule is.", TimeSpan.FromMinutes(10), Shortest);
        var speed = Positive(new Option<double>("--speed")
        {
            Description = "60: the same schedule in a sixtieth of the time. Servers, faults and bounds keep real time.", DefaultValueFactory = _ => 1,
        });
        var jobs = Positive(new Option<int>("--jobs") { Description = "How many jobs run in each period.", DefaultValueFactory = _ => 3 });
        var period = DurationOption.Create("--period", "The period in which these jobs run.", TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(100));
        var seed = new Option<int?>("--seed") { Description = "The same seed makes the same jobs and faults. Without one, the run picks a seed and prints it." };
        var scenario = new Option<string>("--scenario") { Description = "Which mix of jobs and faults; see --list.", DefaultValueFactory = _ => "night" };
        scenario.AcceptOnlyFromAmong([.. Scenarios.All.Select(candidate => candidate.Name)]);
        var report = new Option<DirectoryInfo?>("--report") { Description = "Folder for report, record and logs (stress-reports/…).", HelpName = "FOLDER" };
        var json = new Option<bool>("--json") { Description = "One JSON document a line instead of the live view." };
        var list = new Option<bool>("--list") { Description = "Lists every scenario, job and fault in one line each." };

        foreach (var option in new Option[] { duration, speed, jobs, period, seed, scenario, report, json, list })
            root.Options.Add(option);

        root.SetAction((parsed, stopping) =>
        {
            if (parsed.GetValue(list))
                return ListPrinter.PrintAsync(parsed.InvocationConfiguration.Output);

            var plan = new RunPlan(
                parsed.GetValue(scenario)!, parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000), parsed.GetValue(duration),
                parsed.GetValue(speed), parsed.GetValue(jobs), parsed.GetValue(period));
            return StartAsync(new RunOptions(plan, parsed.GetValue(report)?.FullName, parsed.GetValue(json)), stopping);
        });
        return root;
    }

    private static async Task<int> StartAsync(RunOptions options, CancellationToken stopping)
    {
        var verdict = await StressRun.RunAsync(options, stopping);
        return (int)(verdict.Held ? ExitCode.Ok : ExitCode.Failed);
    }

    private static Option<T> Positive<T>(Option<T> option)
        where T : System.Numerics.INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is not { } value || value <= T.Zero)
                result.AddError($"{option.Name} must be more than 0");
        });
        return option;
    }
}
