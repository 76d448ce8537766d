using System.Text.Json;

namespace Supervisor.Stress.Compare;

/// <summary>The comparison as JSON: everything the page shows, and the single values behind it.</summary>
internal static class CompareJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write(CompareReport report) => JsonSerializer.Serialize(report, Options);
}
