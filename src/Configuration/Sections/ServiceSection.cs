using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;
using Supervisor.Configuration.Variables;

namespace Supervisor.Configuration.Sections;

/// <summary>One entry of <c>services</c>. Defaults are those of the design, section 8.</summary>
internal static class ServiceSection
{
    public static readonly Func<string, Parsed<TimeSpan>> TimeoutRange = Duration.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));

    private const long MinMemory = 1L << 20;
    private const int MaxProcesses = 4_194_304;
    private const int MinFiles = 64;
    private const long MinLogFile = 100L << 10;
    private const int MaxLogFiles = 100;
    private const int MaxFiles = 1_073_741_816;

    private static readonly Func<string, Parsed<TimeSpan>> GraceRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromMinutes(2));
    private static readonly Func<string, Parsed<TimeSpan>> WindowRange = Duration.Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    private static readonly TimeSpan DefaultBuildTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);

    // Containers get ten seconds to end from most tools.
    private static readonly TimeSpan DefaultGraceOfCommand = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultValidateTimeout = TimeSpan.FromSeconds(10);

    /// <param name="global">The variables of all services.</param>
    /// <returns>null: the entry is not an object; the mistakes say so.</returns>
    public static ReadService? Read(ServiceInstance instance, PathResolver paths, VariableScope global, MistakeList mistakes)
    {
        var member = instance.Entry;
        var name = ServiceName.Parse(member.Name);

        if (!name.IsValid)
            mistakes.Add(member.Value.Path, member.At, name.Mistake);

        if (SectionReader.Expect<ConfigNode.Section>(member.Value, "an object", mistakes) is not { } node)
            return null;

        var variables = EnvironmentReader.OfService(node, paths, instance.Over(global), mistakes);
        var section = SectionReader.Open(ServiceValues.Expand(node, instance, variables, mistakes), Keys.Service, mistakes)!;

        if (section.Node("command") is null)
            mistakes.Add(member.Value.Path, member.At, "has no \"command\": say what to run, for example [\"node\", \"server.js\"]");

        var kind = section.Choice("kind", Choices.Kind, ServiceKind.Server);
        var restart = Restart(section, kind);
        var workingDirectory = section.Value("cwd", paths.FolderPath, paths.Folder);

        if (section.Node("cwd") is { } cwd && !Directory.Exists(workingDirectory))
            mistakes.AddLack(cwd, $"names a folder that does not exist: {workingDirectory}; create it");

        var tty = section.Boolean("tty", otherwise: false);
        var stdin = section.Choice("stdin", Choices.Stdin, StandardInputMode.Open);

        if (tty && stdin == StandardInputMode.Null)
            mistakes.Add(section.Node("stdin")!, "cannot be \"null\" beside \"tty\": true, because the terminal is the standard input; remove one of them");

        section.WholeNumber("instances", 1, ServiceInstance.Most);

        if (kind == ServiceKind.Task)
            TaskChecks.Check(section, restart);

        var port = section.WholeNumber("port", 1, ProbeTarget.MaxPort);
        var health = HealthSection.Read(section, restart);
        var spec = new ServiceSpec(
            instance.Name, CommandReader.Read(section, "command") ?? [], workingDirectory, variables.Configured(),
            port, section.Choice("onPortConflict", Choices.OnPortConflict, PortConflict.Block),
            WatchSection.Read(section, paths, workingDirectory), Validate(section), instance.OnOwnPort(ReadySection.Read(section), port),
            restart, Stop(section), Limits(section),
            DependencyReader.Read(section), section.Boolean("autostart", otherwise: true), variables.Files(),
            health is null ? null : health with { Probe = instance.OnOwnPort(health.Probe, port)! },
            stdin, Build(section), tty, section.Node("restartWith") is null ? null : [.. section.Texts("restartWith", Parsed.Ok).Order(StringComparer.Ordinal)], Logs(section));

        return new ReadService(instance, spec, variables.Layers, variables.IsIncomplete, kind);
    }

    private static BuildSpec? Build(SectionReader service)
    {
        if (service.OptionalChild("build", Keys.Build) is not { } section)
            return null;

        if (section.Node("command") is null)
            section.Mistakes.Add(service.Node("build")!, "has no \"command\": say what makes the files that the service's command runs, for example \"make\"");

        return new BuildSpec(CommandReader.Read(section, "command") ?? [], section.Value("timeout", TimeoutRange, DefaultBuildTimeout));
    }

    private static ValidateSpec? Validate(SectionReader service)
    {
        if (service.OptionalChild("validate", Keys.Validate) is not { } section)
            return null;

        if (section.Node("command") is null)
            section.Mistakes.Add(service.Node("validate")!, "has no \"command\": say what checks a change before the server is stopped");

        return new ValidateSpec(
            CommandReader.Read(section, "command") ?? [], section.Value("timeout", TimeoutRange, DefaultValidateTimeout),
            section.Boolean("atStart", otherwise: true));
    }

    private static RestartSpec Restart(SectionReader service, ServiceKind kind)
    {
        var section = service.Child("restart", Keys.Restart);
        var crashLoop = section.Child("crashLoop", Keys.CrashLoop);

        return new RestartSpec(
            section.Choice("policy", Choices.Policy, kind == ServiceKind.Task ? RestartPolicy.Never : RestartPolicy.OnFailure),
            BackoffSection.Read(section, initial: TimeSpan.FromMilliseconds(500), max: TimeSpan.FromSeconds(30)),
            new CrashLoopSpec(
                crashLoop.WholeNumber("failures", 1, 1_000) ?? 5, crashLoop.Value("within", WindowRange, TimeSpan.FromSeconds(60))));
    }

    private static StopSpec Stop(SectionReader service)
    {
        var section = service.Child("stop", Keys.Stop);

        var command = CommandReader.Read(section, "command");

        return new StopSpec(
            section.Value("signal", SignalName.Parse, SignalName.Term), section.Value("grace", GraceRange, command is null ? DefaultGrace : DefaultGraceOfCommand), command);
    }

    private static LogsSpec? Logs(SectionReader service) => service.OptionalChild("logs", Keys.Logs) is { } section
        ? new LogsSpec(section.Value("rotateAt", ByteSize.OfFileAtLeast(MinLogFile), LogsSpec.Default.RotateAt), section.WholeNumber("files", 2, MaxLogFiles) ?? LogsSpec.Default.Files)
        : null;

    private static LimitsSpec Limits(SectionReader service)
    {
        var section = service.Child("limits", Keys.Limits);

        return new LimitsSpec(
            section.Node("memory") is null ? null : section.Value("memory", ByteSize.AtLeast(MinMemory), MinMemory),
            section.Node("cpu") is null ? null : section.Value("cpu", CpuShare.Parse, 1),
            section.WholeNumber("processes", 1, MaxProcesses),
            section.WholeNumber("files", MinFiles, MaxFiles));
    }
}

/// <param name="Layers">Of its environment, lowest first.</param>
/// <param name="IsIncomplete">An env file is lacking.</param>
internal sealed record ReadService(ServiceInstance Instance, ServiceSpec Spec, IReadOnlyList<EnvironmentLayer> Layers, bool IsIncomplete, ServiceKind Kind);
