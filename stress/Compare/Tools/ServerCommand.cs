using System.Text.Json;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>How a service's server is started, read from supervisor.json, so that every tool runs the same command.</summary>
/// <param name="Folder">The working directory; absolute.</param>
internal sealed record ServerCommand(ProjectService Service, IReadOnlyList<string> Command, string Folder)
{
    public static IReadOnlyList<ServerCommand> ReadFrom(ProjectTree project)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(project.Config));
        var services = config.RootElement.GetProperty("services");
        return [.. project.Services.Select(service => Read(project, service, services.GetProperty(service.Name)))];
    }

    /// <summary>As one line for sh and everything that splits words like sh.</summary>
    public string Line => string.Join(' ', Command.Select(word => $"'{word}'"));

    private static ServerCommand Read(ProjectTree project, ProjectService service, JsonElement entry) => new(
        service,
        [.. entry.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)],
        Path.GetFullPath(entry.TryGetProperty("cwd", out var cwd) ? cwd.GetString()! : ".", project.Folder));
}
