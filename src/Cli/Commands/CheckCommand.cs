using System.CommandLine;
using Supervisor.Cli.Checking;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>check</c>: validates the configuration, or explains which rule decides about a path. Changes nothing.</summary>
internal static class CheckCommand
{
    public static Command Build(CommandContext context)
    {
        var explain = new Option<string[]>("--explain")
        {
            Description = "Show which rule decides about these files or directories (they need not exist), and which services a change to them reloads.",
            HelpName = "PATH",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };

        explain.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError("--explain wants a path, and this one is empty.");
        });

        var command = new Command("check", "Check the configuration file and show all mistakes with line and column.") { explain };
        command.SetAction(parsed => (int)Run(context, parsed, parsed.GetValue(explain) ?? []));
        return command;
    }

    private static ExitCode Run(CommandContext context, ParseResult parsed, string[] paths)
    {
        var location = context.LocationOf(parsed);
        var spec = location.ReadConfiguration();

        if (paths.Length > 0)
        {
            PathExplainer.Explain(location, spec, paths, context.Screen);
            return ExitCode.Ok;
        }

        context.Screen.Out.WriteLine($"{location.ConfigPath}: ok, {Wording.Count(spec.Services.Count, "service")}: {string.Join(", ", spec.Services.Select(s => s.Name))}");

        foreach (var warning in ConfigurationWarnings.Of(spec, Environment.GetEnvironmentVariable("PATH")))
            context.Screen.Error.WriteLine(new Palette(context.Screen.Coloured).Warning($"warning: {warning}"));

        return ExitCode.Ok;
    }
}
