using System.CommandLine;
using System.Globalization;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Listing;

/// <summary><c>ports</c>: which service listens where, and which port it is configured for.</summary>
internal static class PortsCommand
{
    private static readonly TableColumn[] Columns = [new("SERVICE"), new("CONFIGURED"), new("LISTENING"), new("PID")];

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services.");
        var json = JsonOption.Create();
        var command = new Command("ports", "Show the ports of the services: configured, and those on which they listen.") { services, json };

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, context.LocationOf(parsed), parsed.GetValue(services) ?? [], parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, TreeLocation location, string[] asked, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.TryConnectAsync(location, cancellationToken);

        if (link is null && !File.Exists(location.ConfigPath))
            throw location.NotRunning();

        // The file may be wrong by now, or gone; the tree runs all the same.
        var configured = ConfigurationFile.Read(location.ConfigPath) is ReadResult.Valid { Spec: var spec }
            ? spec.Services.ToDictionary(service => service.Name, service => service.Port is > 0 ? service.Port : null, StringComparer.Ordinal)
            : [];
        var names = link?.Names ?? ServiceNames.Of(location.ReadConfiguration());
        var chosen = asked.Length > 0 ? names.Resolve(asked) : names.Services;
        var board = link?.InitialStatus.Services.ToDictionary(service => service.Name, StringComparer.Ordinal) ?? [];
        ListedPort[] ports = [.. chosen.Select(name => new ListedPort(name, configured.GetValueOrDefault(name), board.GetValueOrDefault(name)?.Ports ?? [], board.GetValueOrDefault(name)?.Pid))];

        if (json)
            context.Screen.Out.WriteLine(ListedText.Of(new ListedPorts(location.ConfigPath, link is not null, ports)));
        else
            TableLines.Of(Columns, ports.Select(Cells), context.Screen.Width).ToList().ForEach(context.Screen.Out.WriteLine);

        if (link is null)
            context.Screen.Error.WriteLine("No tree is running: these are the ports of the configuration.");

        return (int)ExitCode.Ok;
    }

    private static TableCell[] Cells(ListedPort port) =>
    [
        new(port.Service),
        new(port.Configured?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new(string.Join(", ", port.Listening)),
        new(port.Pid?.ToString(CultureInfo.InvariantCulture) ?? ""),
    ];
}
