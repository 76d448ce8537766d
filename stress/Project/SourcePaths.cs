namespace Supervisor.Stress.Project;

/// <summary>Generates paths in nested folders, as in a real project. Pure.</summary>
internal static class SourcePaths
{
    private const int FilesInFolder = 11;
    private const int FoldersAtTop = 5;
    private const int FoldersInFolder = 3;

    private static readonly string[] Folders =
        ["orders", "billing", "catalog", "accounts", "search", "reports", "imports", "stock", "prices", "shared", "mailing", "audit"];

    private static readonly string[] Files =
        ["models", "views", "forms", "queries", "rules", "events", "routes", "tasks", "formats", "checks", "tables"];

    /// <summary>That many paths, parents first; Python gets packages.</summary>
    public static IEnumerable<string> Spread(int count, string extension) =>
        from number in Enumerable.Range(0, count)
        let file = number % FilesInFolder
        select $"{Folder(number / FilesInFolder)}/{(file == 0 && extension == ".py" ? "__init__" : Files[file])}{extension}";

    private static string Folder(int number)
    {
        var name = $"{Folders[number % Folders.Length]}{(number < FoldersAtTop ? "" : $"_{number}")}";
        return number < FoldersAtTop ? name : $"{Folder((number - FoldersAtTop) / FoldersInFolder)}/{name}";
    }
}
