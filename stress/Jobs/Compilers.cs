using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Runs the compilers and checkers of this machine on real files; their output goes to ignored folders.</summary>
internal static class Compilers
{
    /// <summary>The output folder of compilers: no sources, not watched.</summary>
    private const string Output = "build";

    public static bool AreAvailable(InstalledTools tools) => tools.Has(Tool.Gcc) || tools.Has(Tool.Python) || tools.Has(Tool.Node);

    /// <summary>Whether this machine can compile anything in the service's folder.</summary>
    public static bool CanCompile(ProjectService service, InstalledTools tools) =>
        tools.Has(Tool.Gcc) || (service.Extension == ".py" && tools.Has(Tool.Python)) || (service.Extension == ".mjs" && tools.Has(Tool.Node));

    /// <summary>Compiles sources of the service in their own language, where a compiler is installed.</summary>
    /// <param name="files">Absolute paths.</param>
    public static Task CheckAsync(ProjectService service, IReadOnlyList<string> files, CancellationToken stopping) => service.Extension switch
    {
        _ when files.Count == 0 => Task.CompletedTask,
        ".py" when InstalledTools.Local[Tool.Python] is { } python => ToolProcess.RunAsync(python, ["-m", "py_compile", .. files], service.Folder, stopping),
        ".mjs" when InstalledTools.Local[Tool.Node] is { } node => ToolProcess.RunAsync(node, ["--check", files[0]], service.Folder, stopping),
        _ => Task.CompletedTask,
    };

    /// <summary>Compiles a new C file, where a compiler is installed; both stay in the output folder until the next one with that number.</summary>
    public static async Task CompileCAsync(ProjectService service, int number, string text, CancellationToken stopping)
    {
        if (InstalledTools.Local[Tool.Gcc] is not { } gcc)
            return;

        var folder = Directory.CreateDirectory(Path.Combine(service.Folder, Output)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, $"unit_{number}.c"), text, stopping);
        await ToolProcess.RunAsync(gcc, ["-O1", "-c", $"unit_{number}.c", "-o", $"unit_{number}.o"], folder, stopping);
    }
}
