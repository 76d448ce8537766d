using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>check</c>: is the configuration right, and what does it say about a path? Touches nothing.</summary>
internal static class CheckCommand
{
    public static Command Build(Surroundings here)
    {
        var explain = new Option<string[]>("--explain")
        {
            Description = "Say which rule decides about these files or directories (they need not exist), and which services a change to them reloads.",
            HelpName = "PATH",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };

        explain.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError("--explain wants a path, and this one is empty.");
        });

        var command = new Command("check", "Check the configuration file: all mistakes at once, with line and column.") { explain };
        command.SetAction(parsed => (int)Run(here, parsed, parsed.GetValue(explain) ?? []));
        return command;
    }

    private static ExitCode Run(Surroundings here, ParseResult parsed, string[] paths)
    {
        var checkout = here.CheckoutOf(parsed);
        var spec = checkout.ReadConfiguration();

        if (paths.Length > 0)
        {
            PathQuestion.Answer(checkout, spec, paths, here.Screen);
            return ExitCode.Ok;
        }

        here.Screen.Out.WriteLine($"{checkout.ConfigPath}: ok, {Wording.Count(spec.Services.Count, "service")}: {string.Join(", ", spec.Services.Select(s => s.Name))}");
        return ExitCode.Ok;
    }
}
