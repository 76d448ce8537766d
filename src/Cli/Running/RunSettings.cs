using System.Text.Json.Nodes;
using Supervisor.Cli.Init;
using Supervisor.Cli.Init.Reading;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Running;

/// <summary>A command that is run without a configuration, as the command line says it. Pure.</summary>
/// <param name="Command">Its words; one word with spaces is a text for the shell.</param>
/// <param name="Folder">Absolute: where it runs.</param>
/// <param name="Watched">Absolute; empty: <paramref name="Folder"/>.</param>
/// <param name="Extensions">Without dots; empty: every file counts.</param>
internal sealed record RunSettings(
    IReadOnlyList<string> Command, string Folder, IReadOnlyList<string> Watched, IReadOnlyList<string> Extensions, IReadOnlyList<string> Ignored,
    TimeSpan? Debounce, string? Signal, string? Check)
{
    /// <summary>The name of its program, as far as a service may have it.</summary>
    public string Name => CarriedNames.Of(Path.GetFileNameWithoutExtension(Command[0].Split(' ', 2)[0]));

    private bool IsText => Command is [var only] && only.Contains(' ', StringComparison.Ordinal);

    /// <summary>A whole configuration of this one service.</summary>
    public string Configuration() => CommentedJson.Alone(Name, Members(folder: null));

    /// <summary>Its entry in a configuration.</summary>
    /// <param name="folder">Of the configuration, to which its paths are relative; null: they stay absolute.</param>
    public JsonObject Members(string? folder)
    {
        var members = new JsonObject { ["command"] = IsText ? Command[0] : CarriedText.Literal(Command) };

        if (Folder != folder)
            members["cwd"] = Written(Folder, folder);

        var watch = new JsonObject();

        if (Watched.Count > 0)
            watch["paths"] = Json.List(Watched.Select(path => Written(path, folder)));

        if (Extensions.Count > 0)
            watch["include"] = Json.List(Extensions.Select(extension => $"*.{extension}"));

        if (Ignored.Count > 0)
            watch["ignore"] = Json.List(Ignored);

        if (Debounce is { } debounce)
            watch["debounce"] = Duration.Text(debounce);

        members["watch"] = watch;

        if (Check is not null)
            members["validate"] = new JsonObject { ["command"] = Check };

        if (Signal is not null)
            members["stop"] = new JsonObject { ["signal"] = Signal };

        return members;
    }

    private static string Written(string path, string? folder) => CarriedText.Literal(folder is null ? path : Path.GetRelativePath(folder, path));
}
