using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Stress.Report;

/// <summary>The report as one self-contained HTML file.</summary>
internal static class HtmlReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // The default encoder escapes < > & as \u003C and so on: no text can end the script element that contains it.
        Converters = { new Seconds(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(string path, ReportModel model) => File.WriteAllText(path, Html(model));

    public static string Html(ReportModel model) =>
        Asset("report.html")
            .Replace("{{title}}", WebUtility.HtmlEncode($"{model.Plan.Scenario}, seed {model.Plan.Seed}: {(model.Verdict.Held ? "held" : "not held")}"), StringComparison.Ordinal)
            .Replace("{{styles}}", Asset("uPlot.min.css") + Asset("report.css"), StringComparison.Ordinal)
            .Replace("{{uPlot}}", Asset("uPlot.iife.min.js"), StringComparison.Ordinal)
            .Replace("{{script}}", Asset("report.js"), StringComparison.Ordinal)
            .Replace("{{report}}", JsonSerializer.Serialize(model, Options), StringComparison.Ordinal);

    private static string Asset(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Durations as seconds, rounded to milliseconds.</summary>
    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value.TotalSeconds, 3));
    }
}
