using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Help;

/// <summary><c>help COMMAND</c> and <c>version</c>, for those who expect commands where this program has options.</summary>
internal static class HelpCommands
{
    public static Command BuildHelp(RootCommand root)
    {
        var about = new Argument<string?>("COMMAND") { Arity = ArgumentArity.ZeroOrOne, Description = "The command; without it, all commands are listed." };
        about.CompletionSources.Add(_ => root.Subcommands.Select(command => new System.CommandLine.Completions.CompletionItem(command.Name)));
        var help = new Command("help", "Show help about a command, as --help does.") { about };

        help.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(about) is not { } name)
                return root.Parse(["--help"]).InvokeAsync(parsed.InvocationConfiguration, cancellationToken);

            return root.Subcommands.Any(command => command.Name == name || command.Aliases.Contains(name))
                ? root.Parse([name, "--help"]).InvokeAsync(parsed.InvocationConfiguration, cancellationToken)
                : throw new CommandFailure(ExitCode.BadUsage, $"Unknown command \"{name}\"{Suggestion.For(name, root.Subcommands.Select(command => command.Name), otherwise: ".")}");
        });
        return help;
    }

    public static Command BuildMan(CommandContext context, RootCommand root)
    {
        var man = new Command("man", "Print the manual page.");

        man.SetAction(_ =>
        {
            context.Screen.Out.Write(ManPage.Of(root));
            return (int)ExitCode.Ok;
        });
        return man;
    }

    public static Command BuildVersion(RootCommand root)
    {
        var version = new Command("version", "Show the version, as --version does.");
        version.SetAction((parsed, cancellationToken) => root.Parse(["--version"]).InvokeAsync(parsed.InvocationConfiguration, cancellationToken));
        return version;
    }
}
