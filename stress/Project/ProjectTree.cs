namespace Supervisor.Stress.Project;

/// <summary>The project of a run: services with their sources, and a large ignored folder.</summary>
/// <param name="Folder">Absolute; holds supervisor.json.</param>
internal sealed record ProjectTree(string Folder, IReadOnlyList<ProjectService> Services)
{
    public ProjectService this[string name] => Services.Single(service => service.Name == name);

    /// <summary>The services that jobs may change.</summary>
    public IEnumerable<ProjectService> Busy => Services.Where(service => !service.Untouched);

    public string Config => Path.Combine(Folder, "supervisor.json");
}

/// <summary>One dev server of the project. It reads its sources when it starts (or on SIGHUP, see <paramref name="ReloadsInPlace"/>) and serves what it read.</summary>
/// <param name="Folder">Absolute; everything below it with <paramref name="Extension"/> that no rule ignores is a source.</param>
/// <param name="Extension">With the dot: ".py".</param>
/// <param name="CapBytes">Memory limit in its configuration.</param>
internal sealed record ProjectService(
    string Name, Flavour Flavour, string Folder, string Extension, int Port, bool ReloadsInPlace, bool Untouched, long? CapBytes)
{
    public Uri Address => new($"http://127.0.0.1:{Port}/");
}

internal enum Flavour
{
    Django,
    Uvicorn,
    Node,
    Puppet,
}
