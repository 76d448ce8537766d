using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Stress.Project;

/// <summary>
/// Generates the <c>supervisor.json</c> of a project as a person would write it: the services; the watcher's limits keep their defaults. Pure.
/// </summary>
internal static class SupervisorConfig
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static string Of(IEnumerable<ProjectService> services, InstalledTools tools)
    {
        var entries = new JsonObject();
        foreach (var service in services)
            entries.Add(service.Name, Entry(service, tools));
        return new JsonObject { ["services"] = entries }.ToJsonString(Readable);
    }

    private static JsonObject Entry(ProjectService service, InstalledTools tools)
    {
        var entry = new JsonObject
        {
            ["command"] = Strings(ServerPrograms.Command(service, tools)),
            ["cwd"] = service.Name,
            ["port"] = service.Port,
            ["watch"] = new JsonObject
            {
                ["paths"] = Strings([service.Name]),
                ["include"] = Strings([$"**/*{service.Extension}"]),

                // The servers ignore the same folders; node_modules and __pycache__ are ignored by default.
                ["ignore"] = Strings(["build/", "logs/", ".*"]),
                ["onChange"] = service.ReloadsInPlace ? "signal:HUP" : "restart",
            },
            ["ready"] = new JsonObject { ["http"] = service.Address.ToString(), ["timeout"] = "60s" },
            ["restart"] = new JsonObject
            {
                ["policy"] = "on-failure",
                ["backoff"] = new JsonObject { ["initial"] = "500ms", ["max"] = "30s" },
                ["crashLoop"] = new JsonObject { ["failures"] = 5, ["within"] = "60s" },
            },
            ["stop"] = new JsonObject { ["signal"] = "TERM", ["grace"] = "5s" },
        };
        if (service.CapBytes is { } cap)
            entry["limits"] = new JsonObject { ["memory"] = $"{cap / (1024 * 1024)}MB" };
        if (ServerPrograms.Validation(service, tools) is { } command)
            entry["validate"] = new JsonObject { ["command"] = Strings(command), ["timeout"] = "60s" };
        return entry;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
