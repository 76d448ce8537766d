using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Output;

/// <summary>One JSON object a line, as <c>logs --json</c> prints them.</summary>
internal sealed class JsonLineFormat(IReadOnlyDictionary<string, GenerationTimes> generations) : ILogFormat
{
    private static readonly LogJson Plain = new(new JsonSerializerOptions(LogJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public bool NeedsFacts => true;

    public void Write(string service, in OutputLine line, in ReadLine read, IBufferWriter<byte> output) => output.Write(Encoding.UTF8.GetBytes(Of(service, read)));

    public string Of(string service, in ReadLine read) => JsonSerializer.Serialize(
        new JsonLine(
            service, generations.GetValueOrDefault(service)?.Of(read.Line.At), LogCursor.Time(read.Line.At), read.Line.Stream, read.Severity?.Word(),
            read.Line.Text.TrimEnd('\r'), LogCursor.Of(service, read).ToString()),
        Plain.JsonLine) + "\n";

    /// <summary>Nothing was read of them, not even a time.</summary>
    public string Missed(string service, long lines) => JsonSerializer.Serialize(new MissedLines(service, lines), Plain.MissedLines) + "\n";
}

/// <param name="Generation">Of the server that printed it; null: it is older than what the ledger still has, or newer than what it had when the command began.</param>
/// <param name="Stream">stdout, stderr, or host for what supervisor says about the service.</param>
/// <param name="Level">debug, info, warning or error; null: the line says none.</param>
internal sealed record JsonLine(string Service, int? Generation, DateTimeOffset At, string Stream, string? Level, string Text, string Cursor);

/// <summary>Lines that came faster than they were read; the log file has them.</summary>
internal sealed record MissedLines(string Service, long Missed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonLine))]
[JsonSerializable(typeof(MissedLines))]
internal sealed partial class LogJson : JsonSerializerContext;
