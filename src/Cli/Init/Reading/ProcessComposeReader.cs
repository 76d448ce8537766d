using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>process-compose.yaml</c>. Pure.</summary>
internal static class ProcessComposeReader
{
    private static readonly string[] KnownForAll = ["version", "processes", "environment", "log_level", "log_length", "log_location", "is_strict", "is_tui_disabled", "log_configuration"];

    private static readonly string[] Known =
    [
        "command", "entrypoint", "working_dir", "environment", "env_file", "depends_on", "readiness_probe", "liveness_probe", "ready_log_line", "availability", "shutdown",
        "disabled", "namespace", "replicas", "is_tty", "is_daemon", "description", "log_location", "log_configuration", "is_elevated", "disable_ansi_colors", "is_foreground",
    ];

    private static readonly Dictionary<string, string> Conditions = new(StringComparer.Ordinal)
    {
        ["process_completed_successfully"] = "completed", ["process_completed"] = "ended", ["process_healthy"] = "ready", ["process_log_ready"] = "ready", ["process_started"] = "started",
    };

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var root = YamlSection.Parse(file, files.Texts[file]);
        var folder = ProjectFiles.FolderOf(file);
        var processes = root.Section("processes");
        var names = CarriedNames.Of(processes?.Names ?? []);
        var found = names.Keys.Select(name => (Name: name, Section: processes!.Section(name)!)).Where(process => process.Section is not null && HasCommand(process.Section)).ToArray();
        var awaited = found.SelectMany(process => Dependencies(process.Section, names)).Where(dependency => dependency.Condition == "completed").Select(dependency => dependency.Name).ToHashSet(StringComparer.Ordinal);
        var forAll = new JsonObject();

        if (root.Variables("environment") is { Count: > 0 } variables)
            forAll["env"] = Environment(variables);

        // process-compose reads .env by itself.
        if (files.Has(folder, ".env"))
            forAll["envFile"] = ProjectFiles.Join(folder, ".env") + "?";

        return new FoundServices(
            file,
            [.. found.Select(process => Service(new ServiceDraft(names[process.Name], processes!.PlaceOf(process.Name)), process.Section, names, folder, isTask: awaited.Contains(names[process.Name])))],
            [
                .. root.Names.Except(KnownForAll, StringComparer.Ordinal).Select(name => new Remark(root.PlaceOf(name), $"{name} has no counterpart{(name is "extends" or "include" ? ": one file holds everything" : "")}")),
                .. names.Keys.Except(found.Select(process => process.Name), StringComparer.Ordinal).Select(name => new Remark(processes!.PlaceOf(name), $"{name} has no command")),
            ])
        {
            ForAll = forAll,
            Groups = found.Where(process => process.Section.Text("namespace") is not (null or "default")).GroupBy(process => process.Section.Text("namespace")!, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(process => names[process.Name])], StringComparer.Ordinal),
        };
    }

    private static bool HasCommand(YamlSection section) => section.Text("command") is not null || section.Texts("entrypoint").Count > 0;

    private static FoundService Service(ServiceDraft service, YamlSection section, IReadOnlyDictionary<string, string> names, string folder, bool isTask)
    {
        var words = section.Texts("entrypoint");
        service.Set("command", section.Text("command") is { } command && words.Count == 0 ? CarriedText.ForBash(command) : CarriedText.Words([.. words, .. section.Texts("command")]));

        if (ProjectFiles.Join(folder, section.Text("working_dir") ?? "") is { Length: > 0 } cwd)
            service.Set("cwd", CarriedText.Value(cwd));

        service.Set("env", Environment(section.Variables("environment")));
        service.Set("envFile", section.Text("env_file") is { } envFile ? ProjectFiles.Join(folder, CarriedText.Value(envFile)) : null);
        service.Set("tty", section.IsTrue("is_tty") ? true : null);
        service.Set("ready", Ready(section, service));
        service.Set("health", ProbeCarrier.Health(section.Section("liveness_probe")));
        service.Set("dependsOn", Json.Object(Dependencies(section, names).Where(dependency => dependency.Name != service.Name)));
        Restart(section.Section("availability"), service, isTask, isDaemon: section.IsTrue("is_daemon"));
        service.Set("stop", Stop(section.Section("shutdown")));
        service.Set("autostart", section.IsTrue("disabled") ? false : null);
        service.Set("instances", section.Number("replicas") is > 1 and <= 100 and var replicas ? replicas : null);

        foreach (var dependency in section.Section("depends_on")?.Names.Except(names.Keys, StringComparer.Ordinal) ?? [])
            service.NotCarriedOver(section.PlaceOf("depends_on"), $"depends_on names {dependency}, which is no process of this file");

        if (section.IsTrue("is_daemon"))
            service.NotCarriedOver(section.PlaceOf("is_daemon"), "is_daemon: a server must stay in the foreground here; one whose command ends is completed, and \"stop.command\" ends what it has left");

        if (section.IsTrue("is_elevated"))
            service.NotCarriedOver(section.PlaceOf("is_elevated"), "is_elevated: every server runs as you");

        if (section.Text("command")?.Contains("{{", StringComparison.Ordinal) == true)
            service.NotCarriedOver(section.PlaceOf("command"), "command has a template, {{…}}: write its value");

        foreach (var key in section.Names.Except(Known, StringComparer.Ordinal))
            service.NotCarriedOver(section.PlaceOf(key), $"{key} has no counterpart");

        return service.Done();
    }

    private static JsonObject Environment(IReadOnlyList<(string Name, string? Value)> variables) =>
        Json.Object(variables.Where(variable => variable.Value is not null).Select(variable => (variable.Name, CarriedText.Value(variable.Value!))));

    private static IEnumerable<(string Name, string Condition)> Dependencies(YamlSection section, IReadOnlyDictionary<string, string> names)
    {
        if (section.Section("depends_on") is not { } dependencies)
            return [];

        return dependencies.Names.Where(names.ContainsKey)
            .Select(name => (names[name], Conditions.GetValueOrDefault(dependencies.Section(name)?.Text("condition") ?? "", "started")));
    }

    private static JsonObject? Ready(YamlSection section, ServiceDraft service)
    {
        if (section.Section("readiness_probe") is { } probe)
            return ProbeCarrier.Ready(probe) ?? NotCarriedOver(probe);

        return section.Text("ready_log_line") is { } line ? new JsonObject { ["log"] = Regex.Escape(line) } : null;

        JsonObject? NotCarriedOver(YamlSection probe)
        {
            service.NotCarriedOver(probe.Place, "readiness_probe has no check that can be carried over");
            return null;
        }
    }

    private static void Restart(YamlSection? availability, ServiceDraft service, bool isTask, bool isDaemon)
    {
        var policy = availability?.Text("restart") switch
        {
            // Its command ends at once; always would run it again and again.
            "always" => isDaemon ? null : "always",
            "on_failure" => null,
            "no" or "exit_on_failure" => "never",
            _ => isTask ? "never" : null,
        };
        var restart = new JsonObject();

        if (policy is not null)
            restart["policy"] = policy;

        if (CarriedDuration.Text(CarriedDuration.Seconds(availability?.Number("backoff_seconds")), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)) is { } pause)
            restart["backoff"] = new JsonObject { ["initial"] = pause };

        service.Set("restart", restart);

        if (availability?.Text("restart") == "exit_on_failure")
            service.NotCarriedOver(availability.PlaceOf("restart"), "exit_on_failure is \"supervisor start --exit-when failed\"");

        if (availability?.IsTrue("exit_on_end") == true)
            service.NotCarriedOver(availability.PlaceOf("exit_on_end"), $"exit_on_end is \"supervisor start --exit-code-from {service.Name}\"");

        if (availability?.Has("max_restarts") == true)
            service.NotCarriedOver(availability.PlaceOf("max_restarts"), "max_restarts: see \"restart.crashLoop\", which counts failures within a time");
    }

    private static JsonObject? Stop(YamlSection? shutdown)
    {
        if (shutdown is null)
            return null;

        var stop = new JsonObject();

        if (shutdown.Text("command") is { } command)
            stop["command"] = CarriedText.ForBash(command);

        if (shutdown.Number("signal") is { } signal && SignalOf(signal) is { } name)
            stop["signal"] = name;

        if (CarriedDuration.Text(CarriedDuration.Seconds(shutdown.Number("timeout_seconds")), TimeSpan.Zero, TimeSpan.FromMinutes(2)) is { } grace)
            stop["grace"] = grace;

        return stop;
    }

    private static string? SignalOf(int number) => number switch { 1 => "HUP", 2 => "INT", 3 => "QUIT", 9 => "KILL", 10 => "USR1", 12 => "USR2", _ => null };
}
