using System.CommandLine;
using System.Diagnostics;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>stop</c>: services, or the whole tree; says what it waits for, and returns when it is gone.</summary>
internal static class StopCommand
{
    public static Command Build(Surroundings here)
    {
        var services = ServiceArgument.Any("The services to stop; without one, the whole tree.");
        var now = new Option<bool>("--now") { Description = "Do not grant the grace period: kill." };
        var command = new Command("stop", "Stop services, or without a name the whole tree; dependants first.") { services, now };
        command.Aliases.Add("down");

        command.SetAction((parsed, cancellationToken) => RunAsync(
            here, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(now), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings here, ParseResult parsed, string[] services, bool now, CancellationToken cancellationToken)
    {
        ExitCode exitCode;
        Process? parent;

        await using (var link = await here.FollowAsync(parsed, cancellationToken))
        {
            ServiceNames.Check(services, link.Services);
            parent = services.Length > 0 ? null : TreeEnd.Watch(link.First.Tree.ParentPid);
            exitCode = OutcomeLines.Write(here.Screen, await AskAsync(here, link, services, now, cancellationToken));
        }

        using (parent)
            await TreeEnd.WaitAsync(parent, here.Time, cancellationToken);

        return (int)exitCode;
    }

    private static async Task<Outcomes> AskAsync(Surroundings here, ControlLink link, string[] services, bool now, CancellationToken cancellationToken)
    {
        var answer = link.AskAsync((control, token) => control.StopAsync(services, now, token), cancellationToken);
        string? waitingFor = null;

        while (await Task.WhenAny(answer, link.Boards.WaitToReadAsync(cancellationToken).AsTask()) != answer && link.Boards.TryRead(out var board))
        {
            var waiting = Waiting(board, services);

            if (waiting is not null && waiting != waitingFor)
                here.Screen.Error.WriteLine(waiting);

            waitingFor = waiting;
        }

        return await answer;
    }

    private static string? Waiting(StatusReport board, string[] services) => services.Length > 0
        ? BoardNews.StillWaitingFor(board with { Services = [.. board.Services.Where(s => services.Contains(s.Name, StringComparer.Ordinal))] })
        : BoardNews.StillWaitingFor(board);
}
