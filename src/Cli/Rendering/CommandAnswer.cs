using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Rendering;

/// <summary>Answers with <c>--json</c> that the control pipe has no shape for.</summary>
internal static class CommandAnswer
{
    private static readonly CommandJson Indented = new(new JsonSerializerOptions(CommandJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(CommandFailure failure) =>
        JsonSerializer.Serialize(new FailureDocument(new FailureAnswer((int)failure.ExitCode, failure.Message, failure.Details)), Indented.FailureDocument);

    public static string Of(CheckAnswer check) => JsonSerializer.Serialize(check, Indented.CheckAnswer);
}

/// <summary>What every command prints when it fails.</summary>
internal sealed record FailureDocument(FailureAnswer Error);

/// <param name="ExitCode">That of the command.</param>
/// <param name="Details">More lines, such as the mistakes of a configuration, or what to do.</param>
internal sealed record FailureAnswer(int ExitCode, string Message, IReadOnlyList<string> Details);

/// <summary>What <c>check --json</c> prints for a configuration without mistakes.</summary>
/// <param name="Groups">Names that stand for services.</param>
internal sealed record CheckAnswer(string Config, IReadOnlyList<string> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups, IReadOnlyList<string> Warnings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(CheckAnswer))]
internal sealed partial class CommandJson : JsonSerializerContext;
