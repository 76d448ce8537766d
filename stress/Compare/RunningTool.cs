using System.Diagnostics;
using Supervisor.Stress.Compare.Tools;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>One tool with its services and request samplers, from start to stop. Owns the samplers. Not thread-safe.</summary>
internal sealed class RunningTool : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeftoverDeadline = TimeSpan.FromSeconds(10);

    // Watchers are ready some time after their servers are; a person does not save within the first seconds either.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(4);

    private readonly ToolClock _clock = new();
    private readonly RequestSampler[] _samplers;

    public RunningTool(ITool tool, ToolSandbox sandbox)
    {
        (Tool, Sandbox) = (tool, sandbox);
        _samplers = [.. sandbox.Project.Services.Select(service => new RequestSampler(service, () => _clock.Now))];
    }

    public ITool Tool { get; }

    public ToolSandbox Sandbox { get; }

    public TimeSpan Now => _clock.Now;

    public IReadOnlyDictionary<string, IReadOnlyList<Sample>> Samples =>
        _samplers.ToDictionary(sampler => sampler.Service.Name, sampler => sampler.Samples, StringComparer.Ordinal);

    public IReadOnlyList<Answer?> Answers => [.. _samplers.Select(sampler => sampler.Newest)];

    public Answer? Newest(ProjectService service) => _samplers.Single(sampler => sampler.Service == service).Newest;

    public int Up => Answers.Count(answer => answer is not null);

    /// <summary>Returns how long it took until every service served what is on disk.</summary>
    /// <exception cref="ToolFailedException">They did not in time.</exception>
    public async Task<TimeSpan> StartAsync(CancellationToken stopping)
    {
        var began = Now;
        await Tool.StartAsync(Sandbox);
        if (!await ToolSandbox.WaitUntilAsync(() => _samplers.All(sampler => sampler.Newest?.Digest == DigestOnDisk(sampler.Service)), StartDeadline))
        {
            throw new ToolFailedException($"after {StartDeadline.TotalSeconds:0} s {Up} of {_samplers.Length} services answered, "
                + string.Join("; ", Sandbox.Project.Services.Select(service => $"{service.Name}: {Tail(Sandbox.Log(service.Name))}")));
        }

        var took = Now - began;
        await Task.Delay(SettleTime, stopping);
        foreach (var sampler in _samplers)
            sampler.Clear();
        return took;
    }

    /// <summary>Stops the tool as its user would and returns what is left.</summary>
    public async Task<Leftovers> StopAsync()
    {
        try
        {
            await Tool.StopAsync(Sandbox);
        }
        catch (TimeoutException)
        {
            // A stop that hangs leaves everything: the result shows it.
        }

        await ToolSandbox.WaitUntilAsync(() => Sandbox.Processes.Count == 0, LeftoverDeadline);
        return new Leftovers([.. Sandbox.Processes.Select(process => process.CommandLine)], Sandbox.BoundPorts());
    }

    public ToolFootprint Measure() =>
        ToolFootprint.Measure(Sandbox.Tag, Answers.OfType<Answer>().Select(answer => answer.Pid).ToHashSet());

    /// <summary>The first path that a service serves differently from what is on disk; null: no difference.</summary>
    public async Task<string?> DifferenceAsync(ProjectService service)
    {
        if (await _samplers.Single(sampler => sampler.Service == service).ManifestAsync() is not { } served)
            return $"{service.Name}: no answer";

        var difference = SourceManifest.Difference(SourceManifest.Parse(served), SourceManifest.Read(service.Folder, service.Extension));
        return difference.Count == 0
            ? null
            : $"{service.Name}: {difference.Count} files are served differently from what is on disk, first {difference.All.First()}";
    }

    public static string DigestOnDisk(ProjectService service) => SourceManifest.Read(service.Folder, service.Extension).Digest;

    public async ValueTask DisposeAsync()
    {
        foreach (var sampler in _samplers)
            await sampler.DisposeAsync();
    }

    private static string Tail(string log) => string.Join(" / ", log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));
}

/// <summary>The tool did not start; its benchmark ends with the results so far.</summary>
internal sealed class ToolFailedException(string message) : Exception(message);

/// <summary>The time since the benchmark of a tool began; monotonic. Thread-safe.</summary>
internal sealed class ToolClock
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);
}
