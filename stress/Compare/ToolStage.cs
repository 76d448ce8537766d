using Supervisor.Stress.Compare.Tools;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>One tool with its services and those who ask them, from start to stop. Owns the askers. Not thread-safe.</summary>
internal sealed class ToolStage : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeftoverDeadline = TimeSpan.FromSeconds(10);

    // Watchers are ready some time after their servers are; a person does not save within the same seconds either.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private readonly TurnClock _clock = new();
    private readonly Asking[] _asking;

    public ToolStage(ITool tool, ToolSite site)
    {
        (Tool, Site) = (tool, site);
        _asking = [.. site.Project.Services.Select(service => new Asking(service, () => _clock.Now))];
    }

    public ITool Tool { get; }

    public ToolSite Site { get; }

    public TimeSpan Now => _clock.Now;

    public IReadOnlyDictionary<string, IReadOnlyList<Sample>> Samples =>
        _asking.ToDictionary(asking => asking.Service.Name, asking => asking.Samples, StringComparer.Ordinal);

    public IReadOnlyList<Answer?> Answers => [.. _asking.Select(asking => asking.Newest)];

    public Answer? Newest(ProjectService service) => _asking.Single(asking => asking.Service == service).Newest;

    public int Up => Answers.Count(answer => answer is not null);

    /// <summary>Returns how long it took until every service served what is on disk.</summary>
    /// <exception cref="ToolFailedException">It never did.</exception>
    public async Task<TimeSpan> StartAsync(CancellationToken stopping)
    {
        var began = Now;
        await Tool.StartAsync(Site);
        if (!await ToolSite.SettleAsync(() => _asking.All(asking => asking.Newest?.Digest == DigestOnDisk(asking.Service)), StartDeadline))
        {
            throw new ToolFailedException($"after {StartDeadline.TotalSeconds:0} s {Up} of {_asking.Length} services answered, "
                + string.Join("; ", Site.Project.Services.Select(service => $"{service.Name}: {Tail(Site.Log(service.Name))}")));
        }

        var took = Now - began;
        await Task.Delay(Calm, stopping);
        foreach (var asking in _asking)
            asking.Clear();
        return took;
    }

    /// <summary>Stops the tool as its user would and looks at what is left.</summary>
    public async Task<Leftovers> StopAsync()
    {
        try
        {
            await Tool.StopAsync(Site);
        }
        catch (TimeoutException)
        {
            // A stop that hangs leaves everything: that is what is told.
        }

        await ToolSite.SettleAsync(() => Site.Processes.Count == 0, LeftoverDeadline);
        return new Leftovers([.. Site.Processes.Select(process => process.CommandLine)], Site.BoundPorts());
    }

    public SupervisingSide Measure() =>
        SupervisingSide.Measure(Site.Tag, Answers.OfType<Answer>().Select(answer => answer.Pid).ToHashSet());

    /// <summary>The first path that a service serves otherwise than it is on disk; null: it serves what is there.</summary>
    public async Task<string?> DifferenceAsync(ProjectService service)
    {
        if (await _asking.Single(asking => asking.Service == service).ManifestAsync() is not { } served)
            return $"{service.Name}: nobody answers";

        var difference = SourceManifest.Difference(SourceManifest.Parse(served), SourceManifest.Read(service.Folder, service.Extension));
        return difference.Count == 0
            ? null
            : $"{service.Name}: {difference.Count} files are served otherwise than they are, first {difference.All.First()}";
    }

    public static string DigestOnDisk(ProjectService service) => SourceManifest.Read(service.Folder, service.Extension).Digest;

    public async ValueTask DisposeAsync()
    {
        foreach (var asking in _asking)
            await asking.DisposeAsync();
    }

    private static string Tail(string log) => string.Join(" / ", log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));
}

/// <summary>The tool did not do what must come first; its turn ends with what was learnt so far.</summary>
internal sealed class ToolFailedException(string message) : Exception(message);
