using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Init;

/// <summary>What <c>init --json</c> prints.</summary>
/// <param name="Config">The configuration file.</param>
/// <param name="Written">false with <c>--print</c>.</param>
/// <param name="Text">What was, or would be, written.</param>
/// <param name="Mistakes">One line for each mistake of it that is left to mend.</param>
internal sealed record InitReport(
    string Config, bool Written, IReadOnlyList<string> Used, IReadOnlyList<string> Unused, IReadOnlyList<WrittenService> Services, IReadOnlyList<LostPart> NotCarriedOver,
    IReadOnlyList<string> Mistakes, string Text)
{
    private static readonly InitJson Indented = new(new JsonSerializerOptions(InitJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public string ToJson() => JsonSerializer.Serialize(this, Indented.InitReport);
}

/// <param name="Line">From 1; null: the file as a whole.</param>
internal sealed record WrittenService(string Name, string File, int? Line);

/// <param name="Service">null: it concerns the file as a whole.</param>
/// <param name="Line">From 1; null: the file as a whole.</param>
internal sealed record LostPart(string? Service, string File, int? Line, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InitReport))]
internal sealed partial class InitJson : JsonSerializerContext;
