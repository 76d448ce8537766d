using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Stress.Project;

/// <summary>Writes a project's <c>supervisor.json</c> as a person would: what the services are; the watcher's limits are left as they are. Pure.</summary>
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
            ["command"] = Words(ServerPrograms.Command(service, tools)),
            ["cwd"] = service.Name,
            ["port"] = service.Port,
            ["watch"] = new JsonObject
            {
                ["paths"] = Words([service.Name]),
                ["include"] = Words([$"**/*{service.Extension}"]),

                // What is no source to the servers either; node_modules and __pycache__ are left out by themselves.
                ["ignore"] = Words(["build/", "logs/", ".*"]),
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
            entry["validate"] = new JsonObject { ["command"] = Words(command), ["timeout"] = "60s" };
        return entry;
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}
