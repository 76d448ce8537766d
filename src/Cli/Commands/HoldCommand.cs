using System.CommandLine;
using System.CommandLine.Parsing;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Interop;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Wrapping;

namespace Supervisor.Cli.Commands;

/// <summary><c>hold</c>: keeps changes back while a build or a generator works, during a command or until <c>release</c>.</summary>
internal static class HoldCommand
{
    public static Command Build(CommandContext context)
    {
        var words = new Argument<string[]>("name -- command")
        {
            Description = "A name for the hold (default: \"hold\"), and after -- the command during which changes are held.",
            HelpName = "NAME -- COMMAND", Arity = ArgumentArity.ZeroOrMore,
        };
        var pid = new Option<int?>("--pid") { Description = "The hold ends with this process; default: the calling shell or script.", HelpName = "PID" };
        var timeout = DurationOption.Create(
            "--timeout", "The hold ends after this time in any case, for example 30s or 1h.", TimeSpan.FromMilliseconds(Holds.DefaultTimeoutMs));
        var json = JsonOption.Create();
        var command = new Command("hold", "Keep changes back until they are complete, so that a build causes one reload at its end. The hold ends with its holder.") { words, pid, timeout, json };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var program = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value).ToArray();
            var names = (parsed.GetValue(words) ?? [])[..^program.Length];
            Check(names, program, parsed.GetValue(pid), parsed.GetValue(json));
            var request = new Hold(names is [var name] ? name : Holds.DefaultName, parsed.GetValue(pid), (long)parsed.GetValue(timeout).TotalMilliseconds);

            return program.Length > 0
                ? await RunWhileHeldAsync(context, parsed, request, program, cancellationToken)
                : await UntilReleasedAsync(context, parsed, request, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static void Check(string[] names, string[] program, int? pid, bool json)
    {
        if (names.Length > 1)
            throw Misused($"Write -- before the command: supervisor hold {names[0]} -- {string.Join(' ', names[1..])}");

        if (program.Length > 0 && pid is not null)
            throw Misused("Name a process or give a command, not both.");

        if (program.Length > 0 && json)
            throw Misused("With a command, the output is that of the command: leave out --json.");
    }

    private static CommandFailure Misused(string message) => new(ExitCode.BadUsage, message, ["Try \"supervisor hold --help\"."]);

    private static async Task<int> UntilReleasedAsync(
        CommandContext context, ParseResult parsed, Hold request, bool json, CancellationToken cancellationToken)
    {
        var caller = LibC.getppid();
        var holder = request.Pid ?? caller;

        if (holder < 1)
            throw new CommandFailure(ExitCode.Failed, "The calling process is not visible from here: name a process with --pid, or write \"supervisor hold -- COMMAND\".");

        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var hold = await link.AskAsync((control, token) => control.HoldAsync(request.Name, holder, request.TimeoutMs, token), cancellationToken);

        // Another process may have its pid now.
        if (request.Pid is null && LibC.getppid() != caller)
        {
            await link.AskAsync((control, token) => control.ReleaseAsync(request.Name, token), cancellationToken);
            throw new CommandFailure(ExitCode.Failed, "The calling process has already ended; nothing is held.");
        }

        context.Screen.Out.WriteLine(
            json ? AnswerJson.Of(hold) : $"Changes are held as {hold.Name} until \"supervisor release {hold.Name}\", the end of {hold.Holder}, or "
            + $"{Wording.Span(TimeSpan.FromMilliseconds(request.TimeoutMs))} from now.");
        return (int)ExitCode.Ok;
    }

    /// <summary>The hold belongs to this command's link and ends with it in any case.</summary>
    private static async Task<int> RunWhileHeldAsync(
        CommandContext context, ParseResult parsed, Hold request, string[] program, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var hold = await link.AskAsync((control, token) => control.HoldAsync(request.Name, request.Pid, request.TimeoutMs, token), cancellationToken);
        var exitCode = await WrappedProgram.RunAsync(program);

        if (await EndHoldAsync(link, hold, cancellationToken) is { } why)
            context.Screen.Error.WriteLine($"The hold {hold.Name} ended before the command did ({why}): changes since then were delivered at once.");

        return exitCode;
    }

    /// <returns>Why the hold ended before the command; null: it did not.</returns>
    private static async Task<string?> EndHoldAsync(ControlLink link, HoldStatus hold, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await link.AskAsync((control, token) => control.StatusAsync(token), cancellationToken)).Watcher.Holds.Contains(hold))
                return "it timed out or was released";

            await link.AskAsync((control, token) => control.ReleaseAsync(hold.Name, token), cancellationToken);
            return null;
        }
        catch (CommandFailure failure)
        {
            return failure.Message;
        }
    }

    /// <param name="Pid">The process that holds changes; null: the caller, or this command's link.</param>
    private sealed record Hold(string Name, int? Pid, long TimeoutMs);
}
