namespace Supervisor.Cli.Init.Reading;

/// <summary>The files of a project, as far as they say which servers it has. Paths are relative to the folder of the configuration, with slashes.</summary>
/// <param name="Paths">All that were seen.</param>
/// <param name="Texts">The content of those that readers know.</param>
internal sealed record ProjectFiles(IReadOnlySet<string> Paths, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>Projects in these folders are not the project's own.</summary>
    private static readonly HashSet<string> Strange = new(StringComparer.OrdinalIgnoreCase)
    {
        "test", "tests", "spec", "specs", "example", "examples", "sample", "samples", "fixtures", "docs", "template", "templates", "__tests__",
    };

    public bool Has(string folder, string name) => Paths.Contains(Join(folder, name));

    /// <returns>null: it does not exist.</returns>
    public string? Text(string folder, string name) => Texts.GetValueOrDefault(Join(folder, name));

    public static bool IsOwn(string path) => !path.Split('/').SkipLast(1).Any(Strange.Contains);

    /// <summary>The folder of a path; empty: that of the configuration.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Join(string folder, string name)
    {
        var relative = name.StartsWith('/') ? name : Path.Combine(folder, name);
        var steps = new List<string>();

        foreach (var step in relative.Split('/'))
        {
            if (step == ".." && steps.Count > 0 && steps[^1] is not (".." or ""))
                steps.RemoveAt(steps.Count - 1);
            else if (step is not ("." or "") || (step.Length == 0 && steps.Count == 0 && relative.StartsWith('/')))
                steps.Add(step);
        }

        return string.Join('/', steps);
    }

    /// <summary>The folder and those above it, the nearest first; the last is that of the configuration.</summary>
    public static IEnumerable<string> Upwards(string folder)
    {
        while (folder.Length > 0)
        {
            yield return folder;
            folder = FolderOf(folder);
        }

        yield return "";
    }
}
