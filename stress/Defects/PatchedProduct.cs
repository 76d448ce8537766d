using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Defects;

/// <summary>A copy of this checkout, with local changes, that is built with one defect at a time. Disposing deletes it.</summary>
internal sealed class PatchedProduct : IDisposable
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan GitDeadline = TimeSpan.FromMinutes(1);
    private static readonly Dictionary<string, string?> InheritedEnvironment = new(StringComparer.Ordinal);

    private readonly string _folder;

    private PatchedProduct(string folder) => _folder = folder;

    /// <summary>The folder of the built executables.</summary>
    public string Executables => Path.Combine(_folder, "src/Supervisor/bin/Debug/net10.0");

    public static async Task<PatchedProduct> CopyAsync()
    {
        var copy = new PatchedProduct(Directory.CreateTempSubdirectory("sv-defect-").FullName);
        var tracked = await RunAsync("git", Tree.Harness.Executables.Repository, GitDeadline, "ls-files", "-z");
        foreach (var file in tracked.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var from = Path.Combine(Tree.Harness.Executables.Repository, file);
            var to = Path.Combine(copy._folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (File.Exists(from))
                File.Copy(from, to);
        }

        return copy;
    }

    /// <summary>Applies the defect and builds. Throws when the patch no longer applies or the build fails.</summary>
    public async Task BuildAsync(Defect defect)
    {
        await ApplyAsync(defect);
        await RunAsync("dotnet", _folder, BuildDeadline, "build", "src/Supervisor", "-c", "Debug", "--nologo", "-v", "q");
    }

    /// <summary>Reverts the defect.</summary>
    public Task RevertAsync(Defect defect) => ApplyAsync(defect, "--reverse");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<string> ApplyAsync(Defect defect, params string[] how)
    {
        var patch = Path.Combine(Tree.Harness.Executables.Repository, "stress/Defects", $"{defect.Name}.patch");
        return RunAsync("git", _folder, GitDeadline, ["apply", .. how, patch]);
    }

    private static async Task<string> RunAsync(string program, string folder, TimeSpan deadline, params string[] arguments)
    {
        var result = await Command.RunAsync(program, arguments, folder, InheritedEnvironment, deadline);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result}");
    }
}
