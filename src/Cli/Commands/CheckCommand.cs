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

        var json = JsonOption.Create();
        var command = new Command("check", "Check the configuration file and show all mistakes with line and column.") { explain, diff, json };
        command.SetAction(async (parsed, cancellationToken) => parsed.GetValue(diff)
            ? await CompareAsync(context, parsed, parsed.GetValue(json), cancellationToken)
            : (int)Run(context, parsed, parsed.GetValue(explain) ?? [], parsed.GetValue(json)));
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(explain) is { Length: > 0 })
                result.AddError("--explain has no JSON.");
        });
        return command;
    }

    /// <summary>The parent compares: it knows what it runs, and it reads the file the way it does at its start.</summary>
    private static async Task<int> CompareAsync(CommandContext context, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var answer = await link.AskAsync((control, token) => control.ReloadAsync(preview: true, token), cancellationToken);

        if (json)
        {
            context.Screen.Out.WriteLine(AnswerJson.Of(answer));
            return (int)ExitCode.Ok;
        }

        foreach (var line in DifferenceText.Lines(answer.Difference))
            context.Screen.Out.WriteLine(line);

        if (!answer.Difference.IsEmpty)
            context.Screen.Out.WriteLine("\"supervisor reload\" applies it.");

        return (int)ExitCode.Ok;
    }

    private static ExitCode Run(CommandContext context, ParseResult parsed, string[] paths, bool json)
    {
        var location = context.LocationOf(parsed);
        var spec = location.ReadConfiguration();

        if (paths.Length > 0)
        {
            PathExplainer.Explain(location, spec, paths, context.Screen);
            return ExitCode.Ok;
        }

        string[] warnings = [.. spec.Lacks, .. ConfigurationWarnings.Of(spec, Environment.GetEnvironmentVariable("PATH"))];

        if (json)
        {
            context.Screen.Out.WriteLine(CommandAnswer.Of(new CheckAnswer(location.ConfigPath, [.. spec.Services.Select(service => service.Name)], spec.Groups, warnings)));
            return ExitCode.Ok;
        }

        context.Screen.Out.WriteLine($"{location.ConfigPath}: ok, {Wording.Count(spec.Services.Count, "service")}: {string.Join(", ", spec.Services.Select(s => s.Name))}");

        foreach (var (name, services) in spec.Groups)
            context.Screen.Out.WriteLine($"{name} means {string.Join(", ", services.Select(service => WithPort(spec, service)))}");

        foreach (var warning in warnings)
            context.Screen.Error.WriteLine(new Palette(context.Screen.Coloured).Warning($"warning: {warning}"));

        return ExitCode.Ok;
    }

    private static string WithPort(TreeSpec spec, string service) =>
        spec.Services.First(it => it.Name == service).Port is { } port ? $"{service} (port {port})" : service;
}
