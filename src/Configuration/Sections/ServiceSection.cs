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
    private const int MaxFiles = 1_073_741_816;

    private static readonly Func<string, Parsed<TimeSpan>> GraceRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromMinutes(2));
    private static readonly Func<string, Parsed<TimeSpan>> WindowRange = Duration.Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    private static readonly TimeSpan DefaultValidateTimeout = TimeSpan.FromSeconds(10);

    /// <param name="global">The variables of all services.</param>
    /// <returns>null: the entry is not an object; the mistakes say so.</returns>
    public static ReadService? Read(Member member, PathResolver paths, VariableScope global, MistakeList mistakes)
    {
        var name = ServiceName.Parse(member.Name);

        if (!name.IsValid)
            mistakes.Add(member.Value.Path, member.At, name.Mistake);

        if (SectionReader.Expect<ConfigNode.Section>(member.Value, "an object", mistakes) is not { } node)
            return null;

        var variables = EnvironmentReader.OfService(node, paths, global, mistakes);
        var section = SectionReader.Open(ServiceValues.Expand(node, variables, mistakes), Keys.Service, mistakes)!;

        if (section.Node("command") is null)
            mistakes.Add(member.Value.Path, member.At, "has no \"command\": say what to run, for example [\"node\", \"server.js\"]");

        var restart = Restart(section);
        var workingDirectory = section.Value("cwd", paths.FolderPath, paths.Folder);

        if (section.Node("cwd") is { } cwd && !Directory.Exists(workingDirectory))
            mistakes.AddLack(cwd, $"names a folder that does not exist: {workingDirectory}; create it");

        var tty = section.Boolean("tty", otherwise: false);
        var stdin = section.Choice("stdin", Choices.Stdin, StandardInputMode.Open);

        if (tty && stdin == StandardInputMode.Null)
            mistakes.Add(section.Node("stdin")!, "cannot be \"null\" beside \"tty\": true, because the terminal is the standard input; remove one of them");

        var spec = new ServiceSpec(
            member.Name, CommandReader.Read(section, "command") ?? [], workingDirectory, variables.Configured(),
            section.WholeNumber("port", 1, ProbeTarget.MaxPort), section.Choice("onPortConflict", Choices.OnPortConflict, PortConflict.Block),
            WatchSection.Read(section, paths, workingDirectory), Validate(section), ReadySection.Read(section),
            restart, Stop(section), Limits(section),
            DependencyReader.Read(section), section.Boolean("autostart", otherwise: true), variables.Files(), HealthSection.Read(section, restart),
            stdin, tty);

        return new ReadService(spec, variables.Layers, variables.IsIncomplete);
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

    private static RestartSpec Restart(SectionReader service)
    {
        var section = service.Child("restart", Keys.Restart);
        var crashLoop = section.Child("crashLoop", Keys.CrashLoop);

        return new RestartSpec(
            section.Choice("policy", Choices.Policy, RestartPolicy.OnFailure),
            BackoffSection.Read(section, initial: TimeSpan.FromMilliseconds(500), max: TimeSpan.FromSeconds(30)),
            new CrashLoopSpec(
                crashLoop.WholeNumber("failures", 1, 1_000) ?? 5, crashLoop.Value("within", WindowRange, TimeSpan.FromSeconds(60))));
    }

    private static StopSpec Stop(SectionReader service)
    {
        var section = service.Child("stop", Keys.Stop);

        return new StopSpec(
            section.Value("signal", SignalName.Parse, SignalName.Term), section.Value("grace", GraceRange, TimeSpan.FromSeconds(5)));
    }

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
internal sealed record ReadService(ServiceSpec Spec, IReadOnlyList<EnvironmentLayer> Layers, bool IsIncomplete);
