namespace Supervisor.Stress.Compare.Tools;

/// <summary>Finds the programs of the tools.</summary>
internal static class Programs
{
    /// <summary>On PATH, in the folder that STRESS_PEERS names, or in node_modules/.bin below that folder.</summary>
    public static string? Find(string program) =>
        Folders().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string[] Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return Environment.GetEnvironmentVariable("STRESS_PEERS") is { Length: > 0 } peers
            ? [.. path, peers, Path.Combine(peers, "node_modules", ".bin")]
            : path;
    }
}
