using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Rendering;

/// <summary>What every command prints with <c>--json</c> when it fails.</summary>
/// <param name="ExitCode">That of the command.</param>
/// <param name="Details">More lines, such as the mistakes of a configuration, or what to do.</param>
internal sealed record FailureJson(int ExitCode, string Message, IReadOnlyList<string> Details)
{
    private static readonly CommandJson Indented = new(new JsonSerializerOptions(CommandJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(CommandFailure failure) =>
        JsonSerializer.Serialize(new FailureDocument(new FailureJson((int)failure.ExitCode, failure.Message, failure.Details)), Indented.FailureDocument);

    public static string Of(CheckJson check) => JsonSerializer.Serialize(check, Indented.CheckJson);
}

internal sealed record FailureDocument(FailureJson Error);

/// <summary>What <c>check --json</c> prints for a configuration without mistakes.</summary>
/// <param name="Groups">Names that stand for services.</param>
internal sealed record CheckJson(string Config, IReadOnlyList<string> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups, IReadOnlyList<string> Warnings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(CheckJson))]
internal sealed partial class CommandJson : JsonSerializerContext;
