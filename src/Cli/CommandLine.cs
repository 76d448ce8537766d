using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Help;
using Supervisor.Cli.Rendering;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli;

/// <summary>Builds the command line from all verbs, and turns a failure into a message and an exit code.</summary>
internal static class CommandLine
{
    private const string Description =
        """
        Runs the dev servers of supervisor.json and restarts the right one when a file is saved. The watcher is a separate process: when it crashes,
        hangs or is killed, the servers keep running and no saved file is missed.
        """;

    public static async Task<int> RunAsync(string[] arguments, Screen screen, TimeProvider time)
    {
        var root = Build(new CommandContext(screen, time));
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

        if (parsed.Action is ParseErrorAction)
            return Misused(parsed, screen);

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = screen.Out,
                Error = screen.Error,
                EnableDefaultExceptionHandler = false,

                // Ctrl-C ends a command as usual; the foreground run handles signals itself.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CommandFailure failure)
        {
            Write(failure, screen);
            return (int)failure.ExitCode;
        }
        catch (RuntimeDirectoryException unusable)
        {
            Write(new CommandFailure(ExitCode.Failed, unusable.Message, inner: unusable), screen);
            return (int)ExitCode.Failed;
        }
    }

    internal static RootCommand Build(CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            StartCommand.Build(context), StopCommand.Build(context), RestartCommand.Build(context), StatusCommand.Build(context), LogsCommand.Build(context),
            WaitCommand.Build(context), WhyCommand.Build(context), FlushCommand.Build(context), HoldCommand.Build(context),
            ReleaseCommand.Build(context), CheckCommand.Build(context),
        };

        context.File.Recursive = true;
        root.Options.Add(context.File);

        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        return root;
    }

    private static int Misused(ParseResult parsed, Screen screen)
    {
        var command = parsed.CommandResult.Command;

        if (command is RootCommand && parsed.UnmatchedTokens is [var unknown, ..])
            screen.Error.WriteLine($"\"{unknown}\" is not a command{Suggestion.For(unknown, command.Subcommands.SelectMany(c => c.Aliases.Append(c.Name)), otherwise: ".")}");
        else
            screen.Error.WriteLine(string.Join('\n', parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)));

        screen.Error.WriteLine($"Try \"supervisor {(command is RootCommand ? "" : command.Name + " ")}--help\".");
        return (int)ExitCode.BadUsage;
    }

    private static void Write(CommandFailure failure, Screen screen)
    {
        screen.Error.WriteLine(new Palette(screen.Coloured).Bad(failure.Message));

        foreach (var detail in failure.Details)
            screen.Error.WriteLine("  " + detail);
    }
}
