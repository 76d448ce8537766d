namespace Supervisor.Stress.Compare.Tools;

/// <summary>Folders that are no sources; told to every tool in its own words.</summary>
internal static class IgnoredFolders
{
    public static IReadOnlyList<string> Names { get; } = ["node_modules", "build", ".git", "__pycache__", "logs"];
}
