using System.CommandLine;
using System.Globalization;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;
using Supervisor.Configuration;
using Supervisor.Configuration.Variables;
using Supervisor.Processes;

namespace Supervisor.Cli.Commands;

/// <summary><c>env</c>: the environment that a service's server gets, and where each variable comes from. Reads files; changes nothing.</summary>
internal static class EnvCommand
{
    public static Command Build(CommandContext context)
    {
        var service = ServiceArgument.One("The service.");
        var json = JsonOption.Create();
        var command = new Command("env", "Show each environment variable of a service and where it comes from.") { service, json };

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed, parsed.GetRequiredValue(service), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, string service, bool json, CancellationToken cancellationToken)
    {
        var location = context.LocationOf(parsed);
        await using var link = await ControlLink.TryConnectAsync(location, follows: false, SupervisorClient.ConnectDeadline, context.Time, cancellationToken);

        // Servers inherit the environment of their tree, whatever this shell has.
        var inherited = link is { InitialStatus.Tree.ParentPid: var parent } ? InheritedEnvironment.TryReadOf(parent) : null;
        var shell = inherited ?? InheritedEnvironment.Read();
        shell.Remove(OutputVariables.TerminalVariable, out var columns);

        var spec = location.ReadConfiguration(shell);
        service = ServiceNames.Of(spec).One(service);

        var read = ConfigurationFile.ReadService(new ConfigurationSource(spec.ConfigPath, spec.Text), service, shell) switch
        {
            ServiceReadResult.Valid valid => valid,
            ServiceReadResult.Invalid { Mistakes: var mistakes } => throw new CommandFailure(
                ExitCode.Failed, $"{service} cannot start now:", [.. mistakes.Select(mistake => mistake.ToString())]),
            _ => throw new InvalidOperationException("A service is valid or invalid."),
        };

        var port = link?.InitialStatus.Services.FirstOrDefault(s => s.Name == service)?.Ports is [var given, ..] ? given : read.Spec.Port;
        var inheritedLayers = read.Spec.Tty ? [.. read.Layers.Select(WithoutWindow)] : read.Layers;
        var own = OwnLayer(read.Spec, $"{location.Runtime.Id}/{service}", port);
        var terminal = link is null ? ServerTerminal.ColumnsOf(context.Screen, spec.Services) : columns;
        var variables = EnvironmentTable.Of([.. inheritedLayers, own, OutputLayer([.. inheritedLayers, own], read.Spec.Tty, terminal)]);

        if (json)
            context.Screen.Out.WriteLine(EnvironmentText.Json(service, link is not null, variables));
        else
            EnvironmentText.Write(context.Screen, variables, spec.Folder);

        if (link is not null && inherited is null)
            context.Screen.Error.WriteLine("The environment in which the tree was started cannot be read here; the shell's variables are those of this shell.");

        return (int)ExitCode.Ok;
    }

    /// <summary>What the host adds where none of the others says anything.</summary>
    private static EnvironmentLayer OutputLayer(IReadOnlyList<EnvironmentLayer> others, bool tty, string? columns)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (var (name, value) in others.SelectMany(layer => layer.Variables))
            environment[name] = value;

        return new EnvironmentLayer(VariableSource.Supervisor, File: null, tty ? OutputVariables.ForTerminal(environment) : OutputVariables.For(environment, columns));
    }

    private static EnvironmentLayer WithoutWindow(EnvironmentLayer layer)
    {
        if (layer.Source != VariableSource.Shell)
            return layer;

        var variables = new Dictionary<string, string>(layer.Variables, StringComparer.Ordinal);
        _ = OutputVariables.TakeWindow(variables, columns: null);
        return layer with { Variables = variables };
    }

    /// <summary>What the host adds.</summary>
    private static EnvironmentLayer OwnLayer(ServiceSpec spec, string tag, int? port)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SUPERVISOR_SERVICE"] = spec.Name, [ProcessScope.TagVariable] = tag, ["PWD"] = spec.WorkingDirectory,
        };

        if (port is { } number)
            variables["PORT"] = number.ToString(CultureInfo.InvariantCulture);

        return new EnvironmentLayer(VariableSource.Supervisor, File: null, variables);
    }
}
