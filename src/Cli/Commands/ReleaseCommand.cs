using System.CommandLine;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Commands;

/// <summary><c>release</c>: ends holds; what was kept back goes out as one batch when none is left.</summary>
internal static class ReleaseCommand
{
    public static Command Build(Surroundings here)
    {
        var name = new Argument<string?>("name") { Description = "The hold to end; without one, all of them.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("release", "Let changes go that \"supervisor hold\" keeps back.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(here, parsed, parsed.GetValue(name), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings here, ParseResult parsed, string? name, CancellationToken cancellationToken)
    {
        await using var link = await here.ConnectAsync(parsed, cancellationToken);
        var released = await link.AskAsync((control, token) => control.ReleaseAsync(name, token), cancellationToken);

        foreach (var hold in released.Holds)
            here.Screen.Out.WriteLine($"released {hold.Name} ({hold.Holder})");

        if (released.Holds.Count == 0)
            here.Screen.Out.WriteLine("Nobody holds changes.");

        return (int)ExitCode.Ok;
    }
}
