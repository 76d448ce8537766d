using Supervisor.Cli.Init.Reading;

namespace Supervisor.Cli.Init;

/// <summary>Whether a file of this format is the only source, or one of several programs of the project.</summary>
internal enum SourceTier
{
    /// <summary>Names the processes of the whole project: the first one found is the only source.</summary>
    ProcessFile,

    /// <summary>Is one program of the project: all that are found are taken, where there is no process file.</summary>
    Program,

    /// <summary>Names containers: a source only where nothing else is found.</summary>
    Containers,
}

/// <param name="Names">As they are told to the user.</param>
/// <param name="IsOne">Whether the file at this path is one, by its name and its text.</param>
/// <param name="IsFoundAt">Whether it is looked for at this path; with <c>--from</c> it may lie anywhere.</param>
internal sealed record SourceFormat(
    string Names, SourceTier Tier, Func<ProjectFiles, string, bool> IsOne, Func<ProjectFiles, string, bool> IsFoundAt, Func<ProjectFiles, string, FoundServices> Read);

/// <summary>The formats in the order in which they are looked for.</summary>
internal static class SourceFormats
{
    private static readonly string[] ComposeNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

    public static readonly IReadOnlyList<SourceFormat> All =
    [
        new("process-compose.yaml", SourceTier.ProcessFile, (files, path) => IsYaml(path) && HasTopLevel(files, path, "processes"),
            (_, path) => path is "process-compose.yaml" or "process-compose.yml", ProcessComposeReader.Read),
        new("mprocs.yaml", SourceTier.ProcessFile, (files, path) => IsYaml(path) && HasTopLevel(files, path, "procs"), (_, path) => path is "mprocs.yaml" or "mprocs.yml", MprocsReader.Read),
        new("Procfile.dev", SourceTier.ProcessFile, (_, _) => false, (_, path) => path is "Procfile.dev", ProcfileReader.Read),
        new("Procfile", SourceTier.ProcessFile, (_, path) => ProjectFiles.NameOf(path).Contains("Procfile", StringComparison.OrdinalIgnoreCase), (_, path) => path is "Procfile", ProcfileReader.Read),
        new("bin/rails", SourceTier.Program, (_, path) => ("/" + path).EndsWith("/bin/rails", StringComparison.Ordinal), IsOwn, RailsReader.Read),
        new("manage.py", SourceTier.Program, (files, path) => ProjectFiles.NameOf(path) == "manage.py" && Contains(files, path, "django"), IsOwn, DjangoReader.Read),
        new("mix.exs", SourceTier.Program, (files, path) => ProjectFiles.NameOf(path) == "mix.exs" && Contains(files, path, ":phoenix,"), IsOwn, PhoenixReader.Read),
        new("FastAPI and other ASGI applications", SourceTier.Program, (files, path) => path.EndsWith(".py", StringComparison.Ordinal) && UvicornReader.IsApplication(files.Texts[path]), IsFirstApplication, UvicornReader.Read),
        new("launchSettings.json", SourceTier.Program, (_, path) => ProjectFiles.NameOf(path) == "launchSettings.json", IsOwn, LaunchSettingsReader.Read),
        new("package.json", SourceTier.Program, (_, path) => ProjectFiles.NameOf(path) == PackageJsonReader.FileName, (files, path) => IsOwn(files, path) && !PackageJsonReader.IsBelowWorkspaces(files, path), PackageJsonReader.Read),
        new("vite.config.*", SourceTier.Program, (_, path) => ProjectFiles.NameOf(path).StartsWith("vite.config.", StringComparison.Ordinal),
            (files, path) => IsOwn(files, path) && !files.Has(ProjectFiles.FolderOf(path), PackageJsonReader.FileName), ViteReader.Read),
        new("docker-compose.yml", SourceTier.Containers, (files, path) => IsYaml(path) && HasTopLevel(files, path, "services"), (_, path) => ComposeNames.Contains(path, StringComparer.Ordinal), ComposeReader.Read),
    ];

    /// <summary>docker compose needs no <c>-f</c> for it.</summary>
    public static bool IsFoundByCompose(string file) => ComposeNames.Contains(file, StringComparer.Ordinal);

    private static bool IsYaml(string path) => path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal);

    private static bool HasTopLevel(ProjectFiles files, string path, string key) =>
        files.Texts[path].Split('\n').Any(line => line.StartsWith(key + ":", StringComparison.Ordinal));

    private static bool Contains(ProjectFiles files, string path, string word) => files.Texts[path].Contains(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(ProjectFiles files, string path) => ProjectFiles.IsOwn(path);

    /// <summary>An application may be mounted into another one: the one nearest to the root serves.</summary>
    private static bool IsFirstApplication(ProjectFiles files, string path)
    {
        var root = UvicornReader.RootOf(files, path);

        return ProjectFiles.IsOwn(path) && files.Texts
            .Where(file => file.Key.EndsWith(".py", StringComparison.Ordinal) && ProjectFiles.IsOwn(file.Key) && UvicornReader.IsApplication(file.Value) && UvicornReader.RootOf(files, file.Key) == root)
            .Select(file => file.Key).OrderBy(file => file.Count(c => c == '/')).ThenBy(file => ProjectFiles.NameOf(file) != "main.py").ThenBy(file => file, StringComparer.Ordinal)
            .First() == path;
    }
}
