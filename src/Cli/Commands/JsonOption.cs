using System.CommandLine;

namespace Supervisor.Cli.Commands;

/// <summary>The option by which every command with an answer gives it as JSON, a failure too.</summary>
internal static class JsonOption
{
    public const string Name = "--json";

    /// <param name="form">null: one document.</param>
    public static Option<bool> Create(string? form = null) => new(Name) { Description = $"Print JSON with a stable shape{(form is null ? "" : ", " + form)}." };

    /// <summary>The command line asks for JSON.</summary>
    public static bool IsGiven(ParseResult parsed) => parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == Name) is { } json && parsed.GetValue(json);
}
