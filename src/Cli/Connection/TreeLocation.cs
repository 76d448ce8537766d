using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Connection;

/// <summary>The configuration file of a tree and the paths of its pipes and logs. The tree need not run.</summary>
internal sealed record TreeLocation(string ConfigPath)
{
    public RuntimeDirectory Runtime => RuntimeDirectory.For(ConfigPath);

    /// <summary>A parent that stops removes its pipe; one that was killed cannot.</summary>
    public bool HasPipe => File.Exists(Runtime.ControlSocket);

    /// <param name="file">The value of <c>--file</c>; null: search from the working directory upwards.</param>
    public static TreeLocation Find(string? file)
    {
        var path = file is null ? ConfigurationFile.FindUpwards(WorkingFolder(), HasTree) : Path.GetFullPath(file);

        return path is not null
            ? new TreeLocation(path)
            : throw new CommandFailure(
                ExitCode.BadConfig,
                $"There is no {ConfigurationFile.Name} in {WorkingFolder()} or a folder above it; \"supervisor init\" writes one, --file names one.");
    }

    /// <summary>The working directory may have gone with a branch, too; then the shell still knows what it was called.</summary>
    private static string WorkingFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return Environment.GetEnvironmentVariable("PWD") is { Length: > 0 } called ? called : "/";
        }
    }

    /// <summary>A configuration may have gone with a branch while its tree runs.</summary>
    private static bool HasTree(string config) => RuntimeDirectory.For(config).HasParent;

    public TreeSpec ReadConfiguration() => Valid(ConfigurationFile.Read(ConfigPath));

    /// <param name="shell">The environment that variables in values refer to.</param>
    public TreeSpec ReadConfiguration(IReadOnlyDictionary<string, string> shell) => Valid(ConfigurationFile.Read(ConfigPath, shell));

    private TreeSpec Valid(ReadResult read) => read switch
    {
        ReadResult.Valid valid => valid.Spec,
        ReadResult.Invalid { Mistakes: var mistakes } => throw new CommandFailure(
            ExitCode.BadConfig,
            $"{ConfigPath} has {Wording.Count(mistakes.Count, "mistake")}:",
            [.. mistakes.Select(m => m.ToString())]),
        _ => throw new InvalidOperationException("A configuration is valid or invalid."),
    };

    public CommandFailure NotRunning() => File.Exists(ConfigPath)
        ? new CommandFailure(ExitCode.NotRunning, $"No tree is running for {ConfigPath}; \"supervisor start\" starts it.")
        : new CommandFailure(ExitCode.BadConfig, $"{ConfigPath} does not exist, and no tree is running for it.");
}
