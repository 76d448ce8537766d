using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>mprocs.yaml</c>. Pure.</summary>
internal static class MprocsReader
{
    private const string ConfigFolder = "<CONFIG_DIR>";

    private static readonly string[] Known = ["shell", "cmd", "cwd", "env", "add_path", "autostart", "autorestart", "stop"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var root = YamlSection.Parse(file, files.Texts[file]);
        var procs = root.Section("procs");
        var names = CarriedNames.Of(procs?.Names ?? []);

        return new FoundServices(
            file,
            [.. (procs?.Names ?? []).Select(name => Service(names[name], name, procs!, ProjectFiles.FolderOf(file))).OfType<FoundService>()],
            [.. root.Names.Where(name => name != "procs").Select(name => new Remark(root.PlaceOf(name), $"{name} concerns the screen of mprocs"))]);
    }

    /// <returns>null: it runs nothing.</returns>
    private static FoundService? Service(string name, string written, YamlSection procs, string folder)
    {
        var service = new ServiceDraft(name, procs.PlaceOf(written));

        if (procs.Section(written) is not { } section)
        {
            // A text alone is for the shell, a list alone is a program with its arguments.
            service.Set("command", procs.IsList(written) ? CarriedText.Literal(procs.Texts(written)) : procs.Text(written));
            service.Set("cwd", folder.Length == 0 ? null : folder);
            return procs.Texts(written).Count == 0 ? null : service.Done();
        }

        if (!section.Has("shell") && section.Texts("cmd").Count == 0)
            return null;

        service.Set("command", section.Text("shell") is { } shell ? shell.Trim() : CarriedText.Literal(section.Texts("cmd")));

        if (ProjectFiles.Join(folder, (section.Text("cwd") ?? "").Replace(ConfigFolder + "/", "", StringComparison.Ordinal).Replace(ConfigFolder, "", StringComparison.Ordinal)) is { Length: > 0 } cwd)
            service.Set("cwd", CarriedText.Literal(cwd));

        service.Set("env", Environment(section, service));
        service.Set("autostart", section.IsFalse("autostart") ? false : null);
        service.Set("restart", section.IsTrue("autorestart") ? new JsonObject { ["policy"] = "always" } : null);
        service.Set("stop", Stop(section, service));

        foreach (var key in section.Names.Except(Known, StringComparer.Ordinal))
            service.NotCarriedOver(section.PlaceOf(key), $"{key} has no counterpart");

        return service.Done();
    }

    private static JsonObject Environment(YamlSection section, ServiceDraft service)
    {
        var variables = section.Variables("env");

        foreach (var (name, _) in variables.Where(variable => variable.Value is null))
            service.NotCarriedOver(section.PlaceOf("env"), $"env.{name}: null removes a variable; here it stays as it is in the shell");

        var carried = variables.Where(variable => variable.Value is not null).Select(variable => (variable.Name, CarriedText.Literal(variable.Value!)));
        var paths = section.Texts("add_path");
        return Json.Object(paths.Count == 0 ? carried : [.. carried, ("PATH", $"{string.Join(':', paths.Select(CarriedText.Literal))}:${{PATH}}")]);
    }

    private static JsonObject? Stop(YamlSection section, ServiceDraft service)
    {
        switch (section.Text("stop"))
        {
            case "SIGINT":
                return new JsonObject { ["signal"] = "INT" };

            case "SIGKILL" or "hard-kill":
                return new JsonObject { ["signal"] = "KILL" };

            case null when section.Has("stop"):
                service.NotCarriedOver(section.PlaceOf("stop"), "stop sends keys; here the server gets TERM, or the signal in \"stop\"");
                return null;

            default:
                return null;
        }
    }
}
