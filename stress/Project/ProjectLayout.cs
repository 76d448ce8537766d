namespace Supervisor.Stress.Project;

/// <summary>The plan of a project before it is written: its services, their server kinds and their number of sources.</summary>
internal sealed record ProjectLayout(IReadOnlyList<ServiceLayout> Services)
{
    private const long Megabyte = 1024 * 1024;
    private const long FrameworkCap = 512 * Megabyte;
    private const long PuppetCap = 256 * Megabyte;

    public int Sources => Services.Sum(service => service.Sources.Total);

    /// <summary>
    /// The project of a run: 2,000 sources in six services and 20,000 ignored files. Where a tool is missing, a puppet serves the same sources under the same
    /// name.
    /// </summary>
    public static ProjectLayout Standard(bool django, bool uvicorn, bool node) => new(
    [
        Framework("web", django ? Flavour.Django : Flavour.Puppet, ".py", new SourceCounts(Own: 355, Generated: 110, Vendored: 85)),
        Framework("api", uvicorn ? Flavour.Uvicorn : Flavour.Puppet, ".py", new SourceCounts(Own: 225, Generated: 110, Vendored: 65)),
        Framework("front", node ? Flavour.Node : Flavour.Puppet, ".mjs", new SourceCounts(Own: 305, Generated: 110, Vendored: 85)) with
        {
            IgnoredFiles = 20_000,
        },
        new ServiceLayout("shop", Flavour.Puppet, ".html", new SourceCounts(Own: 120, Generated: 110, Vendored: 20)) { CapBytes = PuppetCap },
        new ServiceLayout("mail", Flavour.Puppet, ".ini", new SourceCounts(Own: 70, Generated: 110, Vendored: 20))
        {
            ReloadsInPlace = true, CapBytes = PuppetCap,
        },
        new ServiceLayout("still", Flavour.Puppet, ".txt", new SourceCounts(Own: 100, Generated: 0, Vendored: 0))
        {
            Untouched = true, CapBytes = PuppetCap,
        },
    ]);

    /// <summary>A smaller project with only Django services, for the comparison.</summary>
    /// <param name="sources">In all.</param>
    /// <param name="ignoredFiles">The number of ignored files in the first service.</param>
    public static ProjectLayout OnlyDjango(int services, int sources, int ignoredFiles) => new(
    [
        .. Enumerable.Range(1, services).Select(number =>
            Framework($"site{number}", Flavour.Django, ".py", SourceCounts.Divide(sources / services)) with
            {
                IgnoredFiles = number == 1 ? ignoredFiles : 0,
            }),
    ]);

    private static ServiceLayout Framework(string name, Flavour flavour, string extension, SourceCounts sources) =>
        new(name, flavour, extension, sources) { CapBytes = FrameworkCap };
}

/// <summary>See <see cref="ProjectService"/>.</summary>
/// <param name="Extension">Remains that of the language when a puppet replaces the server.</param>
internal sealed record ServiceLayout(string Name, Flavour Flavour, string Extension, SourceCounts Sources)
{
    public bool ReloadsInPlace { get; init; }

    public bool Untouched { get; init; }

    public long? CapBytes { get; init; }

    /// <summary>The number of files in its <c>node_modules</c>.</summary>
    public int IgnoredFiles { get; init; }
}

/// <param name="Own">Hand-written sources, including the server's program.</param>
/// <param name="Generated">In <c>generated</c>.</param>
/// <param name="Vendored">In <c>vendor</c>, one package at first.</param>
internal sealed record SourceCounts(int Own, int Generated, int Vendored)
{
    public int Total => Own + Generated + Vendored;

    /// <summary>In the proportions of the standard project.</summary>
    public static SourceCounts Divide(int total) => new(total - (total / 5) - (total / 6), total / 5, total / 6);
}
