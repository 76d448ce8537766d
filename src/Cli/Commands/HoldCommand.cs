using System.CommandLine;
using System.CommandLine.Parsing;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Interop;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Wrapping;

namespace Supervisor.Cli.Commands;

/// <summary><c>hold</c>: changes are kept back while a build or a generator is at work, around a command or until <c>release</c>.</summary>
internal static class HoldCommand
{
    public static Command Build(Surroundings here)
    {
        var words = new Argument<string[]>("name -- command")
        {
            Description = "A name for the hold (\"hold\" without one), and behind -- the command during which changes are held.",
            HelpName = "NAME -- COMMAND", Arity = ArgumentArity.ZeroOrMore,
        };
        var pid = new Option<int?>("--pid") { Description = "The process that holds; without it, the shell or script that calls.", HelpName = "PID" };
        var timeout = DurationOption.Create(
            "--timeout", "Released by then in any case, for example 30s or 1h.", TimeSpan.FromMilliseconds(Holds.DefaultTimeoutMs));
        var command = new Command("hold", "Keep changes back until they are whole: a build is one reload, at its end. Ends with its holder.") { words, pid, timeout };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var program = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value).ToArray();
            var names = (parsed.GetValue(words) ?? [])[..^program.Length];
            Check(names, program, parsed.GetValue(pid));
            var request = new Hold(names is [var name] ? name : Holds.DefaultName, parsed.GetValue(pid), (long)parsed.GetValue(timeout).TotalMilliseconds);

            return program.Length > 0
                ? await AroundAsync(here, parsed, request, program, cancellationToken)
                : await UntilReleasedAsync(here, parsed, request, cancellationToken);
        });
        return command;
    }

    private static void Check(string[] names, string[] program, int? pid)
    {
        if (names.Length > 1)
            throw Misused($"Write -- before the command: supervisor hold {names[0]} -- {string.Join(' ', names[1..])}");

        if (program.Length > 0 && pid is not null)
            throw Misused("Name a process or give a command, not both.");
    }

    private static CommandFailure Misused(string message) => new(ExitCode.BadUsage, message, ["Try \"supervisor hold --help\"."]);

    private static async Task<int> UntilReleasedAsync(
        Surroundings here, ParseResult parsed, Hold request, CancellationToken cancellationToken)
    {
        var caller = LibC.getppid();
        var holder = request.Pid ?? caller;

        if (holder < 1)
            throw new CommandFailure(ExitCode.Failed, "The process that calls cannot be seen from here: name one with --pid, or write \"supervisor hold -- COMMAND\".");

        await using var link = await here.ConnectAsync(parsed, cancellationToken);
        var hold = await link.AskAsync((control, token) => control.HoldAsync(request.Name, holder, request.TimeoutMs, token), cancellationToken);

        // Whoever has its number now did not ask for anything.
        if (request.Pid is null && LibC.getppid() != caller)
        {
            await link.AskAsync((control, token) => control.ReleaseAsync(request.Name, token), cancellationToken);
            throw new CommandFailure(ExitCode.Failed, "The process that called has ended already; nothing is held.");
        }

        here.Screen.Out.WriteLine(
            $"Changes are held as {hold.Name} until \"supervisor release {hold.Name}\", the end of {hold.Holder}, or "
            + $"{Wording.Span(TimeSpan.FromMilliseconds(request.TimeoutMs))} from now.");
        return (int)ExitCode.Ok;
    }

    /// <summary>Held by our link: however we end, the hold does too.</summary>
    private static async Task<int> AroundAsync(
        Surroundings here, ParseResult parsed, Hold request, string[] program, CancellationToken cancellationToken)
    {
        await using var link = await here.ConnectAsync(parsed, cancellationToken);
        var hold = await link.AskAsync((control, token) => control.HoldAsync(request.Name, request.Pid, request.TimeoutMs, token), cancellationToken);
        var exitCode = await WrappedProgram.RunAsync(program);

        if (await EarlyEndAsync(link, hold, cancellationToken) is { } why)
            here.Screen.Error.WriteLine($"The hold {hold.Name} ended before the command did ({why}): what was changed since then was delivered as it came.");

        return exitCode;
    }

    /// <returns>null: it lasted as long as the command.</returns>
    private static async Task<string?> EarlyEndAsync(ControlLink link, HoldStatus hold, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await link.AskAsync((control, token) => control.StatusAsync(token), cancellationToken)).Watcher.Holds.Contains(hold))
                return "its time was over, or somebody released it";

            await link.AskAsync((control, token) => control.ReleaseAsync(hold.Name, token), cancellationToken);
            return null;
        }
        catch (CommandFailure failure)
        {
            return failure.Message;
        }
    }

    /// <param name="Pid">The process that holds; null: the caller, or this command's link.</param>
    private sealed record Hold(string Name, int? Pid, long TimeoutMs);
}
