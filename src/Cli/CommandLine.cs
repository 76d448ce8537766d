using System.CommandLine;
using System.CommandLine.Help;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Doctor;
using Supervisor.Cli.Help;
using Supervisor.Cli.Init;
using Supervisor.Cli.Listing;
using Supervisor.Cli.Metrics;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Running;
using Supervisor.Cli.Usage;

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

        if (UsageMistake.In(arguments, parsed) is { } mistake)
            return Misused(mistake, parsed.CommandResult.Command, screen);

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
            Write(failure, screen, JsonOption.IsGiven(parsed));
            return (int)failure.ExitCode;
        }
        catch (RuntimeDirectoryException unusable)
        {
            Write(new CommandFailure(ExitCode.Failed, unusable.Message, inner: unusable), screen, JsonOption.IsGiven(parsed));
            return (int)ExitCode.Failed;
        }
    }

    internal static RootCommand Build(CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            StartCommand.Build(context), StopCommand.Build(context), RestartCommand.Build(context), ReloadCommand.Build(context), StatusCommand.Build(context), LogsCommand.Build(context), ErrorsCommand.Build(context), AttachCommand.Build(context),
            WaitCommand.Build(context), WhyCommand.Build(context), EnvCommand.Build(context), FlushCommand.Build(context), HoldCommand.Build(context),
            ReleaseCommand.Build(context), CheckCommand.Build(context), RunCommand.Build(context), InitCommand.Build(context), DoctorCommand.Build(context), ListCommand.Build(context), PortsCommand.Build(context), MetricsCommand.Build(context), SchemaCommand.Build(context), CompletionCommand.Build(context),
        };

        root.Subcommands.Add(HelpCommands.BuildHelp(root));
        root.Subcommands.Add(HelpCommands.BuildMan(context, root));
        root.Subcommands.Add(HelpCommands.BuildVersion(root));
        root.Options.Add(context.File);

        // No recursive option of the root: the help of "logs" would list its -f beside that of --follow.
        foreach (var command in root.Subcommands)
            command.Options.Add(command.Options.Any(option => option.Aliases.Contains("-f")) ? context.FileWithoutAlias : context.File);

        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        return root;
    }

    private static int Misused(string mistake, Command command, Screen screen)
    {
        screen.Error.WriteLine(mistake);
        screen.Error.WriteLine($"Try \"{UsageMistake.NameOf(command)} --help\".");
        return (int)ExitCode.BadUsage;
    }

    private static void Write(CommandFailure failure, Screen screen, bool json)
    {
        if (json)
            screen.Out.WriteLine(CommandAnswer.Of(failure));

        screen.Error.WriteLine(new Palette(screen.Coloured).Bad(failure.Message));

        foreach (var detail in failure.Details)
            screen.Error.WriteLine("  " + detail);
    }
}
