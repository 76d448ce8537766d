using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Listing;

/// <summary>What <c>list --json</c> prints.</summary>
/// <param name="Running">The names are those of the running tree, not those of the file.</param>
internal sealed record ListedServices(string Config, bool Running, IReadOnlyList<string> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups);

/// <summary>What <c>list --all --json</c> prints.</summary>
internal sealed record ListedTrees(IReadOnlyList<ListedTree> Trees);

/// <param name="Config">The configuration file; its folder, or the runtime folder, of a parent that does not answer.</param>
/// <param name="ParentPid">null: the parent does not answer.</param>
internal sealed record ListedTree(string Config, int? ParentPid, DateTimeOffset? StartedAt, IReadOnlyList<string> Services);

/// <summary>What <c>ports --json</c> prints.</summary>
internal sealed record ListedPorts(string Config, bool Running, IReadOnlyList<ListedPort> Ports);

/// <param name="Configured">The port in the configuration; null: none, or 0.</param>
/// <param name="Listening">The ports on which the processes of the service listen.</param>
/// <param name="Pid">Of the server; null: it does not run.</param>
internal sealed record ListedPort(string Service, int? Configured, IReadOnlyList<int> Listening, int? Pid);

/// <summary>The listings as JSON.</summary>
internal static class ListedText
{
    private static readonly ListedJson Indented = new(new JsonSerializerOptions(ListedJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(ListedServices services) => JsonSerializer.Serialize(services, Indented.ListedServices);

    public static string Of(ListedTrees trees) => JsonSerializer.Serialize(trees, Indented.ListedTrees);

    public static string Of(ListedPorts ports) => JsonSerializer.Serialize(ports, Indented.ListedPorts);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ListedServices))]
[JsonSerializable(typeof(ListedTrees))]
[JsonSerializable(typeof(ListedPorts))]
internal sealed partial class ListedJson : JsonSerializerContext;
