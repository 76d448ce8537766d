using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Cli.Doctor;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>Everything works; this would make it better.</summary>
    [JsonStringEnumMemberName("advice")] Advice,

    /// <summary>Something does not work, or will not.</summary>
    [JsonStringEnumMemberName("mend")] Mend,
}

/// <summary>What one check has found.</summary>
/// <param name="Check">A name that stays the same, for scripts. A check may have several findings, for example one for each port.</param>
/// <param name="Why">Why it matters, in a sentence; null: nothing is to be done.</param>
/// <param name="Mend">The command that mends it; null: nothing is to be done, or no command can.</param>
/// <param name="Processes">That it is about; null: about none.</param>
internal sealed record Finding(
    string Check, Severity Severity, string Found, string? Why = null, string? Mend = null, IReadOnlyList<LeftProcess>? Processes = null);

/// <summary>A process that a dead run has left.</summary>
internal sealed record LeftProcess(int Pid, string Service, string Command);

/// <summary>What <c>--clean</c> did.</summary>
/// <param name="Processes">Those that it ended.</param>
/// <param name="Folders">Runtime folders that it removed.</param>
/// <param name="Failures">What it could not do, as text.</param>
internal sealed record Cleaned(IReadOnlyList<LeftProcess> Processes, IReadOnlyList<string> Folders, IReadOnlyList<string> Failures);

/// <summary>All findings. A stable public shape: <c>doctor --json</c> prints it.</summary>
/// <param name="Ok">Nothing must be mended.</param>
/// <param name="Config">The configuration file; null: there is none.</param>
/// <param name="Running">Its tree runs.</param>
/// <param name="Cleaned">null without <c>--clean</c>.</param>
internal sealed record DoctorReport(bool Ok, string? Config, bool Running, IReadOnlyList<Finding> Findings, Cleaned? Cleaned)
{
    private static readonly DoctorJson Indented = new(new JsonSerializerOptions(DoctorJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public string ToJson() => JsonSerializer.Serialize(this, Indented.DoctorReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
