using System.Text.Encodings.Web;
using System.Text.Json;

namespace Supervisor.Cli.Rendering;

/// <summary><c>status --json</c>: exactly what the parent answers. Indented for one answer, a document a line for a stream of them.</summary>
internal static class StatusJson
{
    private static readonly ContractJson Indented = new(new JsonSerializerOptions(ContractJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(StatusReport board) => JsonSerializer.Serialize(board, Indented.StatusReport);

    public static string Line(StatusReport board) => JsonSerializer.Serialize(board, ContractJson.Default.StatusReport);
}
