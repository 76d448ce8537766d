using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Configuration.Variables;

namespace Supervisor.Cli.Rendering;

/// <summary><c>supervisor env</c>: variables as lines of text or as JSON.</summary>
internal static class EnvironmentText
{
    private static readonly EnvironmentJson Indented = new(new JsonSerializerOptions(EnvironmentJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The source first: values may be long.</summary>
    public static void Write(Screen screen, IReadOnlyList<ServerVariable> variables, string folder)
    {
        var sources = variables.Select(variable => Sources(variable, folder)).ToArray();
        var width = sources.Select(CellText.Width).DefaultIfEmpty(0).Max();

        foreach (var (variable, source) in variables.Zip(sources))
            screen.Out.WriteLine($"{source}{new string(' ', width - CellText.Width(source))}  {variable.Name}={OnOneLine(variable.Value)}");
    }

    public static string Json(string service, bool isRunning, IReadOnlyList<ServerVariable> variables) => JsonSerializer.Serialize(
        new EnvironmentReport(service, isRunning, [.. variables.Select(variable => new ReportedVariable(
            variable.Name, variable.Value, Word(variable.From.Source), variable.From.File, [.. variable.Over.Select(layer => Word(layer.Source))]))]),
        Indented.EnvironmentReport);

    internal static string Sources(ServerVariable variable, string folder) => variable.Over.Count == 0
        ? Name(variable.From, folder)
        : $"{Name(variable.From, folder)} (over {string.Join(", ", variable.Over.Select(layer => Name(layer, folder)))})";

    private static string Name(EnvironmentLayer layer, string folder) => layer.Source switch
    {
        VariableSource.Shell => "shell",
        VariableSource.GlobalEnvFile => $"global envFile {Shown(layer, folder)}",
        VariableSource.GlobalEnv => "global env",
        VariableSource.EnvFile => $"envFile {Shown(layer, folder)}",
        VariableSource.Env => "env",
        _ => "supervisor",
    };

    private static string Word(VariableSource source) => JsonNamingPolicy.CamelCase.ConvertName(source.ToString());

    private static string Shown(EnvironmentLayer layer, string folder) =>
        layer.File!.StartsWith(folder + "/", StringComparison.Ordinal) ? layer.File[(folder.Length + 1)..] : layer.File;

    private static string OnOneLine(string value) => CellText.Plain(
        value.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal));
}

/// <summary>What <c>supervisor env --json</c> prints: a stable shape.</summary>
/// <param name="Running">The tree runs, and its shell's variables are those that it was started with.</param>
internal sealed record EnvironmentReport(string Service, bool Running, IReadOnlyList<ReportedVariable> Variables);

/// <param name="Source">shell, globalEnvFile, globalEnv, envFile, env or supervisor.</param>
/// <param name="File">Absolute path, for the sources that are files.</param>
/// <param name="Over">The sources that set it too, and lose; highest first.</param>
internal sealed record ReportedVariable(string Name, string Value, string Source, string? File, IReadOnlyList<string> Over);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnvironmentReport))]
internal sealed partial class EnvironmentJson : JsonSerializerContext;
