using System.CommandLine;
using System.Diagnostics;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>stop</c>: stops services or the whole tree; shows what it waits for, and returns when the processes have ended.</summary>
internal static class StopCommand
{
    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("The services to stop; default: the whole tree.");
        var now = new Option<bool>("--now") { Description = "Kill without a grace period." };
        var json = JsonOption.Create();
        var command = new Command("stop", "Stop services, or the whole tree if none is named; dependants first.") { services, now, json };
        command.Aliases.Add("down");

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(now), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, string[] asked, bool now, bool json, CancellationToken cancellationToken)
    {
        ExitCode exitCode;
        Process? parent;

        await using (var link = await context.FollowAsync(parsed, cancellationToken))
        {
            var services = link.Names.Resolve(asked);
            parent = services.Count > 0 ? null : ParentExit.Watch(link.InitialStatus.Tree.ParentPid);
            var answer = link.AskAsync((control, token) => control.StopAsync(services, now, token), cancellationToken);
            exitCode = OutcomeLines.Write(context.Screen, await PatientWait.ForStop(context, link, services).TellAsync(answer, cancellationToken), json);
        }

        using (parent)
            await ParentExit.WaitAsync(parent, context.Time, cancellationToken);

        return (int)exitCode;
    }
}
