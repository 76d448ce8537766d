using System.CommandLine;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Commands;

/// <summary><c>release</c>: ends holds; when none is left, the changes kept back are delivered as one batch.</summary>
internal static class ReleaseCommand
{
    public static Command Build(CommandContext context)
    {
        var name = new Argument<string?>("name") { Description = "The hold to end; default: all holds.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("release", "Deliver the changes that \"supervisor hold\" keeps back.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, parsed.GetValue(name), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, string? name, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var released = await link.AskAsync((control, token) => control.ReleaseAsync(name, token), cancellationToken);

        foreach (var hold in released.Holds)
            context.Screen.Out.WriteLine($"released {hold.Name} ({hold.Holder})");

        if (released.Holds.Count == 0)
            context.Screen.Out.WriteLine("Nobody holds changes.");

        return (int)ExitCode.Ok;
    }
}
