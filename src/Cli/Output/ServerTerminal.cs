using Supervisor.Cli.Rendering;
using Supervisor.Processes;

namespace Supervisor.Cli.Output;

/// <summary>The terminal in which a tree is started, as its servers are told of it.</summary>
internal static class ServerTerminal
{
    /// <summary>For <see cref="OutputVariables.TerminalVariable"/>; null: the output goes elsewhere, or shows no colours.</summary>
    public static string? ColumnsOf(Screen screen, IEnumerable<ServiceSpec> services) => screen is { IsTerminal: true, Coloured: true }
        ? OutputVariables.Columns(LineFormat.ServerWidth(screen.Width, services.Select(service => service.Name)))
        : null;
}
