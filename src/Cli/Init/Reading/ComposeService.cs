using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary>One service of a compose file. Pure.</summary>
/// <param name="written">Its name in the file.</param>
/// <param name="names">The names of all services, and what they are called in the configuration.</param>
/// <param name="isTask">Another service waits until it has completed.</param>
internal sealed partial class ComposeService(string written, SourcePlace place, YamlSection section, IReadOnlyDictionary<string, string> names, string file, bool isTask)
{
    private static readonly TimeSpan MostTimeout = TimeSpan.FromHours(1);

    /// <summary>What means something only in a container.</summary>
    private static readonly string[] OfContainers = ["volumes", "networks", "network_mode", "extra_hosts", "links", "secrets", "configs", "deploy", "ulimits", "cap_add", "user", "platform", "develop", "extends"];

    private readonly string _folder = ProjectFiles.FolderOf(file);
    private readonly ServiceDraft _service = new(names[written], place);

    public string Written => written;

    public IReadOnlyList<string> Profiles => section.Texts("profiles");

    public FoundService Read()
    {
        if (RunsHere)
            ReadCommand();
        else
            ReadContainer();

        _service.Set("dependsOn", Json.Object(ComposeDependencies.Of(section, names).Where(dependency => dependency.Name != _service.Name)));
        _service.Set("restart", section.Text("restart") is "always" or "unless-stopped" && !isTask ? new JsonObject { ["policy"] = "always" } : isTask ? new JsonObject { ["policy"] = "never" } : null);
        _service.Set("autostart", Profiles.Count > 0 ? false : null);
        return _service.Done();
    }

    private bool RunsHere => section.Texts("command").Count > 0 && (section.Has("build") || SourceMount is not null);

    /// <summary>The folder of the project that is mounted where the command runs. null: none is.</summary>
    private string? SourceMount => section.Text("working_dir") is { } inside
        ? section.Texts("volumes").Select(volume => volume.Split(':'))
            .Where(parts => parts.Length > 1 && parts[0].StartsWith('.') && (inside + "/").StartsWith(parts[1].TrimEnd('/') + "/", StringComparison.Ordinal))
            .Select(parts => ProjectFiles.Join(parts[0], inside[parts[1].TrimEnd('/').Length..].TrimStart('/')))
            .FirstOrDefault()
        : null;

    private void ReadCommand()
    {
        var entrypoint = section.Texts("entrypoint");
        _service.Set("command", entrypoint.Count == 0 && !section.IsList("command")
            ? CarriedText.ForShell(section.Text("command")!.Trim())
            : CarriedText.Words([.. entrypoint, .. section.Texts("command")]));

        var context = section.Section("build")?.Text("context") ?? section.Text("build");

        if (ProjectFiles.Join(_folder, SourceMount ?? context ?? "") is { Length: > 0 } cwd)
            _service.Set("cwd", CarriedText.Value(cwd));

        var port = Ports().Select(it => it.Inside).OfType<int>().FirstOrDefault();
        var variables = section.Variables("environment").Where(variable => variable.Value is not null && (variable.Name != "PORT" || port == 0)).ToArray();
        _service.Set("env", Json.Object(variables.Select(variable => (variable.Name, CarriedText.Value(variable.Value!)))));
        ReadEnvFiles();
        _service.Set("port", port > 0 ? port : null);
        _service.Set("ready", port > 0 ? new JsonObject { ["tcp"] = port } : null);
        _service.Set("stop", Stop());
        _service.Set("tty", section.IsTrue("tty") ? true : null);

        foreach (var (name, value) in variables)
        {
            if (names.Keys.FirstOrDefault(other => other != written && Regex.IsMatch(value!, $@"(?:^|//|@){Regex.Escape(other)}(?::[0-9]+)?(?:[/,]|$)", RegexOptions.None, TimeSpan.FromSeconds(1))) is { } host)
                _service.NotCarriedOver(section.PlaceOf("environment"), $"{name} names the container {host}; outside of containers that is 127.0.0.1 and its published port");
        }

        if (section.Has("healthcheck"))
            _service.NotCarriedOver(section.PlaceOf("healthcheck"), "healthcheck runs in the container: see \"ready\" and \"health\"");

        if (OfContainers.Where(section.Has).ToArray() is { Length: > 0 } lost)
            _service.NotCarriedOver(section.PlaceOf(lost[0]), $"{string.Join(", ", lost)}: the command runs here, not in a container");
    }

    private void ReadContainer()
    {
        string[] options = isTask ? ["--no-deps", "--no-log-prefix", "--exit-code-from", written] : ["--no-deps", "--no-log-prefix"];
        _service.Set("command", CarriedText.Literal([.. Compose, "up", .. options, written]));
        _service.Set("ready", Ready());
        _service.Set("stop", new JsonObject { ["command"] = CarriedText.Literal([.. Compose, "stop", written]), ["grace"] = "30s" });
    }

    private string[] Compose => SourceFormats.IsFoundByCompose(file) ? ["docker", "compose"] : ["docker", "compose", "-f", file];

    private JsonObject? Ready()
    {
        if (isTask)
            return null;

        var check = section.Section("healthcheck");
        string[] test = [.. check?.Texts("test") ?? []];

        JsonArray? command = test switch
        {
            ["CMD", .. var words] when words.Length > 0 => CarriedText.Words([.. Compose, "exec", "-T", written, .. words]),
            ["CMD-SHELL", var script] => CarriedText.Words([.. Compose, "exec", "-T", written, "sh", "-c", script]),
            [var script] when script != "NONE" && !check!.IsList("test") => CarriedText.Words([.. Compose, "exec", "-T", written, "sh", "-c", script]),
            _ => null,
        };

        if (command is null)
            return Ports().Select(port => port.Outside).OfType<string>().FirstOrDefault() is { } outside ? new JsonObject { ["tcp"] = Number(outside) is { } port ? port : CarriedText.Value(outside) } : null;

        var interval = CarriedDuration.Parse(check!.Text("interval")) ?? TimeSpan.FromSeconds(30);
        var ready = new JsonObject { ["exec"] = command };
        var timeout = (CarriedDuration.Parse(check.Text("start_period")) ?? TimeSpan.Zero) + (interval * Math.Clamp(check.Number("retries") ?? 3, 1, 1_000));

        if (timeout > TimeSpan.FromSeconds(60))
            ready["timeout"] = CarriedDuration.Text(timeout, TimeSpan.Zero, MostTimeout);

        return ready;
    }

    private void ReadEnvFiles()
    {
        string[] envFiles = [.. section.Texts("env_file"), .. section.Sections("env_file").Select(entry => entry.Text("path") + (entry.IsFalse("required") ? "?" : ""))];
        _service.Set("envFile", envFiles.Length > 0 ? ProjectFiles.Join(_folder, CarriedText.Value(envFiles[0])) : null);

        foreach (var other in envFiles.Skip(1))
            _service.NotCarriedOver(section.PlaceOf("env_file"), $"env_file {other}: a service has one env file");
    }

    private JsonObject Stop()
    {
        var stop = new JsonObject();

        if (section.Text("stop_signal") is { } signal && SignalNames.Contains(signal.Replace("SIG", "", StringComparison.Ordinal), StringComparer.Ordinal))
            stop["signal"] = signal.Replace("SIG", "", StringComparison.Ordinal);

        if (CarriedDuration.Text(CarriedDuration.Parse(section.Text("stop_grace_period")), TimeSpan.Zero, TimeSpan.FromMinutes(2)) is { } grace)
            stop["grace"] = grace;

        return stop;
    }

    private static readonly string[] SignalNames = ["HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "TERM"];

    /// <summary>The published ports: outside, which may hold variables, and inside. null: several, or chosen by docker.</summary>
    private IEnumerable<(string? Outside, int? Inside)> Ports() =>
    [
        .. section.Texts("ports").Select(port => Port().Match(port)).Where(match => match.Success)
            .Select(match => (match.Groups["outside"].Success ? match.Groups["outside"].Value : null, Number(match.Groups["inside"].Value))),
        .. section.Sections("ports").Select(port => (port.Text("published"), port.Number("target"))),
    ];

    private static int? Number(string text) => int.TryParse(text, out var number) && number is > 0 and <= 65_535 ? number : null;

    [GeneratedRegex(@"^(?:(?:(?:[0-9.]+|\[[0-9a-f:]+\]|localhost):)?(?<outside>[0-9]+|\$\{[A-Za-z_]\w*(?::?-[0-9]+)?\}|\$[A-Za-z_]\w*):)?(?<inside>[0-9]+|\$\{[^}]*\})(?:/tcp)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Port();
}
