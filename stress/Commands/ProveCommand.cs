using System.CommandLine;
using Supervisor.Stress.Defects;

namespace Supervisor.Stress.Commands;

/// <summary>Checks that the harness finds defects: it runs against builds of the product that each contain one.</summary>
internal static class ProveCommand
{
    public static Command Build()
    {
        var command = new Command(
            "prove", "Builds the product with each of three defects; succeeds only if a run of each fails for the right reason.");
        var defects = new Argument<string[]>("DEFECT") { Description = "Only these defects.", Arity = ArgumentArity.ZeroOrMore };
        defects.AcceptOnlyFromAmong([.. DefectCatalogue.All.Select(defect => defect.Name)]);
        command.Arguments.Add(defects);
        command.SetAction(parsed => ProveAsync(
            [.. DefectCatalogue.All.Where(defect => parsed.GetValue(defects) is null or [] || parsed.GetValue(defects)!.Contains(defect.Name, StringComparer.Ordinal))],
            parsed.InvocationConfiguration));
        return command;
    }

    private static async Task<int> ProveAsync(IReadOnlyList<Defect> defects, InvocationConfiguration console)
    {
        var allFound = true;
        await foreach (var result in DefectCheck.RunAsync(defects))
        {
            allFound &= result.IsFound;
            await console.Output.WriteLineAsync($"{(result.IsFound ? "found" : "MISSED")}  {result.Defect.Name}: {result.Defect.Summary}\n       {result.Sentence}");
        }

        return (int)(allFound ? ExitCode.Ok : ExitCode.Failed);
    }
}
