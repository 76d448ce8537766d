using System.CommandLine;
using Supervisor.Cli.Checking;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary>
/// <c>check</c>: validates the configuration, explains which rule decides about a path, or shows what a reload would do. Changes nothing.
/// </summary>
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

        var diff = new Option<bool>("--diff") { Description = "Show what \"supervisor reload\" would do to the running tree." };

        explain.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError("--explain wants a path, and this one is empty.");
        });

        var command = new Command("check", "Check the configuration file and show all mistakes with line and column.") { explain, diff };
        command.SetAction(async (parsed, cancellationToken) => parsed.GetValue(diff)
            ? await CompareAsync(context, parsed, cancellationToken)
            : (int)Run(context, parsed, parsed.GetValue(explain) ?? []));
        return command;
    }

    /// <summary>The parent compares: it knows what it runs, and it reads the file the way it does at its start.</summary>
    private static async Task<int> CompareAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var answer = await link.AskAsync((control, token) => control.ReloadAsync(preview: true, token), cancellationToken);

        foreach (var line in DifferenceText.Lines(answer.Difference))
            context.Screen.Out.WriteLine(line);

        if (!answer.Difference.IsEmpty)
            context.Screen.Out.WriteLine("\"supervisor reload\" applies it.");

        return (int)ExitCode.Ok;
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

        foreach (var (name, services) in spec.Groups)
            context.Screen.Out.WriteLine($"{name} means {string.Join(", ", services.Select(service => WithPort(spec, service)))}");

        foreach (var lack in spec.Lacks)
            context.Screen.Error.WriteLine(new Palette(context.Screen.Coloured).Warning($"warning: {lack}"));

        foreach (var warning in ConfigurationWarnings.Of(spec, Environment.GetEnvironmentVariable("PATH")))
            context.Screen.Error.WriteLine(new Palette(context.Screen.Coloured).Warning($"warning: {warning}"));

        return ExitCode.Ok;
    }

    private static string WithPort(TreeSpec spec, string service) =>
        spec.Services.First(it => it.Name == service).Port is { } port ? $"{service} (port {port})" : service;
}
