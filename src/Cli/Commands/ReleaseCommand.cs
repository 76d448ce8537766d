using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>release</c>: ends holds; when none is left, the changes kept back are delivered as one batch.</summary>
internal static class ReleaseCommand
{
    public static Command Build(CommandContext context)
    {
        var name = new Argument<string?>("name") { Description = "The hold to end; default: all holds.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        var json = JsonOption.Create();
        var command = new Command("release", "Deliver the changes that \"supervisor hold\" keeps back.") { name, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, parsed.GetValue(name), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, string? name, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var released = await link.AskAsync((control, token) => control.ReleaseAsync(name, token), cancellationToken);

        if (json)
        {
            context.Screen.Out.WriteLine(AnswerJson.Of(released));
            return (int)ExitCode.Ok;
        }

        foreach (var hold in released.Holds)
            context.Screen.Out.WriteLine($"released {hold.Name} ({hold.Holder})");

        if (released.Holds.Count == 0)
            context.Screen.Out.WriteLine("Nobody holds changes.");

        return (int)ExitCode.Ok;
    }
}
