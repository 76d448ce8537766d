using System.CommandLine;
using Supervisor.Stress.Defects;
using Supervisor.Wire.Contracts;

namespace Supervisor.Stress.Commands;

/// <summary>Shows a sceptic that the harness can fail.</summary>
internal static class ProveCommand
{
    public static Command Build()
    {
        var command = new Command("prove", "Builds the product with each of three defects in it; succeeds only if a run of each is condemned for the right reason.");
        command.SetAction(parsed => ProveAsync(parsed.InvocationConfiguration));
        return command;
    }

    private static async Task<int> ProveAsync(InvocationConfiguration console)
    {
        var everyone = true;
        await foreach (var result in Proof.RunAsync())
        {
            everyone &= result.IsFound;
            await console.Output.WriteLineAsync($"{(result.IsFound ? "found" : "MISSED")}  {result.Defect.Name}: {result.Defect.Summary}\n       {result.Sentence}");
        }

        return (int)(everyone ? ExitCode.Ok : ExitCode.Failed);
    }
}
