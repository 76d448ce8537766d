namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// Finds the user's own ignore file in git's configuration. Sources: git-config(1), "FILES" and "Includes"; gitignore(5). What is included only under
/// a condition (<c>includeIf</c>) is not read. Any thread; blocks for the reading of small files.
/// </summary>
internal sealed class GitSettings
{
    // git's own limit is ten levels, at which it gives up. Files that include each other more than once would keep us for ever before that.
    private const int MostFiles = 64;

    private readonly List<string> _read = [];
    private string? _excludesFile;

    private GitSettings(string repository)
    {
        if (Variable("GIT_CONFIG_NOSYSTEM") is null)
            Take("/etc/gitconfig");

        foreach (var file in Variable("GIT_CONFIG_GLOBAL") is { } only ? [only] : OfUser())
            Take(file);

        Take(Path.Combine(repository, "config"));
    }

    /// <summary>Every configuration file that counts, existing or not.</summary>
    public IReadOnlyList<string> Files => _read;

    /// <summary>The file with the user's own rules, existing or not; null: this user has no home.</summary>
    /// <param name="top">Of the repository.</param>
    public string? ExcludesPath(string top) => _excludesFile switch
    {
        null => InConfiguration("ignore"),
        "" => null,
        { } named => Path.Combine(top, named),
    };

    /// <param name="repository">The folder with its <c>config</c>: <c>.git</c>, as a rule.</param>
    public static GitSettings Load(string repository) => new(repository);

    private void Take(string file)
    {
        _read.Add(file);

        if (IgnoreFileLoader.ReadText(file) is not { } text)
            return;

        foreach (var (name, value) in GitConfigFile.Parse(text))
        {
            if (name == "core.excludesfile")
                _excludesFile = AtHome(value);
            else if (name == "include.path" && _read.Count < MostFiles)
                Take(Path.Combine(Path.GetDirectoryName(file)!, AtHome(value)));
        }
    }

    private static string[] OfUser() => [.. new[] { InConfiguration("config"), Home is { } home ? Path.Combine(home, ".gitconfig") : null }.OfType<string>()];

    private static string? InConfiguration(string name) =>
        Variable("XDG_CONFIG_HOME") is { } configuration ? Path.Combine(configuration, "git", name)
        : Home is { } home ? Path.Combine(home, ".config", "git", name)
        : null;

    private static string AtHome(string path) => path.StartsWith("~/", StringComparison.Ordinal) && Home is { } home ? Path.Combine(home, path[2..]) : path;

    private static string? Home => Variable("HOME");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
