using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Stress.Recording;

/// <summary>The JSON format of the record: camelCase, durations and times as seconds, one event per line.</summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new SecondsConverter() },
    };

    public static string ToLine(RunEvent runEvent) => JsonSerializer.Serialize(runEvent, Options);

    /// <exception cref="JsonException">The line is not an event of a record.</exception>
    public static RunEvent FromLine(string line) =>
        JsonSerializer.Deserialize<RunEvent>(line, Options) ?? throw new JsonException("an event is missing: the line says null");

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromTicks((long)Math.Round(reader.GetDouble() * TimeSpan.TicksPerSecond));

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
    }
}
