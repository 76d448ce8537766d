using Supervisor.Cli.Wrapping;
using Supervisor.Configuration.Shell;
using Supervisor.Processes;

namespace Supervisor.Cli.Checking;

/// <summary>
/// What is valid in a configuration, but will not work on this machine now or not as it seems to. Only looks at the file system.
/// </summary>
internal static class ConfigurationWarnings
{
    // Where the host searches when PATH is not set.
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <param name="inheritedPath">The PATH of services that set none; null: there is none.</param>
    public static IReadOnlyList<string> Of(TreeSpec spec, string? inheritedPath) =>
        [.. spec.Services.SelectMany(service => Of(service, inheritedPath).Select(warning => $"{service.Name}: {warning}"))];

    private static IEnumerable<string> Of(ServiceSpec service, string? inheritedPath)
    {
        // That it lacks its folder is said elsewhere, and all else follows from that.
        if (!Directory.Exists(service.WorkingDirectory))
            yield break;

        foreach (var path in (service.Watch?.Paths ?? []).Where(path => !Path.Exists(path)))
            yield return $"the watch path {path} does not exist.";

        // A command in one text begins with the shell, which is found.
        foreach (var (key, command) in CommandsOf(service))
        {
            if (WhyMissing(command[0], service, inheritedPath) is { } why)
                yield return $"the program \"{command[0]}\" of {key} {why}.";
        }

        if (HowSignalled(service) is { } how)
            yield return how;
    }

    private static string? HowSignalled(ServiceSpec service) =>
        service.Watch?.OnChange is { Action: ChangeAction.Signal, Signal: { } signal } && ShellCommand.HasShell(service.Command)
            ? $"a shell runs command and stays; {Signals.Name(signal)} goes to the process under it that handles it. With \"exec\" before the server there is no shell."
            : null;

    private static IEnumerable<(string Key, IReadOnlyList<string> Command)> CommandsOf(ServiceSpec service)
    {
        if (service.Build is { } build)
            yield return ("build.command", build.Command);

        // A build may be what makes it.
        if (service.Build is null || !service.Command[0].Contains('/', StringComparison.Ordinal))
            yield return ("command", service.Command);

        if (service.Validate is { } validate)
            yield return ("validate.command", validate.Command);

        if (service.Ready?.Each().OfType<ReadySpec.Exec>().FirstOrDefault() is { } exec)
            yield return ("ready.exec", exec.Command);

        if (service.Health?.Probe is ReadySpec.Exec check)
            yield return ("health.exec", check.Command);

        if (service.Stop.Command is { } stop)
            yield return ("stop.command", stop);
    }

    private static string? WhyMissing(string program, ServiceSpec service, string? inheritedPath)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(program, service.WorkingDirectory);

            return ProgramSearch.IsProgram(path) ? null : Path.Exists(path) ? $"is not executable: {path}" : $"does not exist: {path}";
        }

        var own = service.Environment.GetValueOrDefault("PATH");

        // An empty entry of PATH is the working directory.
        var folders = (own ?? inheritedPath ?? DefaultPath).Split(':').Select(folder => Path.Combine(service.WorkingDirectory, folder));

        return ProgramSearch.In(folders, program) is not null ? null : own is null ? "is not on PATH" : $"is not on PATH ({own}, from env)";
    }
}
