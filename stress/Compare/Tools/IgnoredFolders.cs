namespace Supervisor.Stress.Compare.Tools;

/// <summary>Folders without sources; every tool is configured to ignore them.</summary>
internal static class IgnoredFolders
{
    public static IReadOnlyList<string> Names { get; } = ["node_modules", "build", ".git", "__pycache__", "logs"];
}
