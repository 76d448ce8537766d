using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>The compilers and checkers of this machine, put to work on real files; what they make goes to ignored folders.</summary>
internal static class Compilers
{
    /// <summary>Where a compiler puts what it makes: no source, and not watched.</summary>
    private const string Output = "build";

    public static bool AreAvailable(InstalledTools tools) => tools.Has(Tool.Gcc) || tools.Has(Tool.Python) || tools.Has(Tool.Node);

    /// <summary>Something can be compiled in the service's folder.</summary>
    public static bool CanCompile(ProjectService service, InstalledTools tools) =>
        tools.Has(Tool.Gcc) || (service.Extension == ".py" && tools.Has(Tool.Python)) || (service.Extension == ".mjs" && tools.Has(Tool.Node));

    /// <summary>Compiles sources of the service in their own language, as far as there is a compiler for it.</summary>
    /// <param name="files">Absolute paths.</param>
    public static Task CheckAsync(ProjectService service, IReadOnlyList<string> files, CancellationToken stopping) => service.Extension switch
    {
        _ when files.Count == 0 => Task.CompletedTask,
        ".py" when InstalledTools.Local[Tool.Python] is { } python => ToolProcess.RunAsync(python, ["-m", "py_compile", .. files], service.Folder, stopping),
        ".mjs" when InstalledTools.Local[Tool.Node] is { } node => ToolProcess.RunAsync(node, ["--check", files[0]], service.Folder, stopping),
        _ => Task.CompletedTask,
    };

    /// <summary>Compiles a new C file, where there is a compiler; both stay in the output folder until the next one of that number.</summary>
    public static async Task CompileCAsync(ProjectService service, int number, string text, CancellationToken stopping)
    {
        if (InstalledTools.Local[Tool.Gcc] is not { } gcc)
            return;

        var folder = Directory.CreateDirectory(Path.Combine(service.Folder, Output)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, $"unit_{number}.c"), text, stopping);
        await ToolProcess.RunAsync(gcc, ["-O1", "-c", $"unit_{number}.c", "-o", $"unit_{number}.o"], folder, stopping);
    }
}
