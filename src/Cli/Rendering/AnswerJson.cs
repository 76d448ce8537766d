using System.Text.Encodings.Web;
using System.Text.Json;

namespace Supervisor.Cli.Rendering;

/// <summary>
/// <c>--json</c>: exactly what the parent answers, in the shapes of the control pipe. Indented for one answer, a document a line for a stream of them.
/// </summary>
internal static class AnswerJson
{
    private static readonly ContractJson Indented = new(new JsonSerializerOptions(ContractJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(StatusReport board) => JsonSerializer.Serialize(board, Indented.StatusReport);

    public static string Of(Outcomes outcomes) => JsonSerializer.Serialize(outcomes, Indented.Outcomes);

    public static string Of(ReloadAnswer answer) => JsonSerializer.Serialize(answer, Indented.ReloadAnswer);

    public static string Of(WaitAnswer answer) => JsonSerializer.Serialize(answer, Indented.WaitAnswer);

    public static string Of(Ledger ledger) => JsonSerializer.Serialize(ledger, Indented.Ledger);

    public static string Of(HoldStatus hold) => JsonSerializer.Serialize(hold, Indented.HoldStatus);

    public static string Of(HoldList holds) => JsonSerializer.Serialize(holds, Indented.HoldList);

    public static string Line(StatusReport board) => JsonSerializer.Serialize(board, ContractJson.Default.StatusReport);
}
