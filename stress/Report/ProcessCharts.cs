using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The charts of process samples: memory, CPU and the watcher's queue.</summary>
internal sealed class ProcessCharts(TimeGrid grid)
{
    private static readonly string[] Single = ["parent", "watcher"];

    private readonly SortedDictionary<string, ProcessHistory> _processes = new(StringComparer.Ordinal);

    public void Apply(ProcessSampled sample)
    {
        if (!_processes.TryGetValue(sample.Process, out var history))
            _processes[sample.Process] = history = new ProcessHistory(grid);

        history.Apply(sample);
    }

    /// <summary>The peak memory of the process; null: never sampled.</summary>
    public long? Peak(string process) => _processes.GetValueOrDefault(process)?.PeakBytes;

    public IEnumerable<Chart> Charts()
    {
        yield return new Chart("Memory of the supervisor", "resident solid, proportional dashed, hosts summed", "MB", [.. Memory()]);
        yield return new Chart("Memory of the servers", "resident", "MB", [.. Servers(server => server.Resident)]);
        yield return new Chart("CPU of the supervisor", "100 % is one core", "%", [.. Cpu()]);
        yield return new Chart("CPU of the servers", "100 % is one core", "%", [.. Servers(server => server.Cpu)]);
        if (_processes.TryGetValue("watcher", out var watcher))
            yield return new Chart("Queue of the watcher", "the deepest seen", "", [new Series("changes queued", "watcher", SeriesLook.Bars, watcher.Queue)]);
    }

    private IEnumerable<Series> Memory()
    {
        foreach (var name in Single.Where(_processes.ContainsKey))
        {
            yield return new Series(name, name, SeriesLook.Line, _processes[name].Resident);
            yield return new Series("PSS", name, SeriesLook.Dashed, _processes[name].Proportional);
        }

        yield return new Series("hosts", "host", SeriesLook.Line, Sum("host ", host => host.Resident));
        yield return new Series("PSS", "host", SeriesLook.Dashed, Sum("host ", host => host.Proportional));
        if (_processes.TryGetValue("watcher", out var watcher) && watcher.CapBytes is not null)
            yield return new Series("watcher's cap", "limit", SeriesLook.Limit, watcher.Cap);
    }

    private IEnumerable<Series> Cpu()
    {
        foreach (var name in Single.Where(_processes.ContainsKey))
            yield return new Series(name, name, SeriesLook.Line, _processes[name].Cpu);

        yield return new Series("hosts", "host", SeriesLook.Line, Sum("host ", host => host.Cpu));
    }

    private IEnumerable<Series> Servers(Func<ProcessHistory, IReadOnlyList<double?>> what) =>
        _processes.Where(process => process.Key.StartsWith("server ", StringComparison.Ordinal))
            .Select((process, index) => new Series(process.Key["server ".Length..], $"service-{1 + (index % 6)}", SeriesLook.Line, what(process.Value)));

    private IReadOnlyList<double?> Sum(string prefix, Func<ProcessHistory, IReadOnlyList<double?>> what) =>
        Gauge.Sum([.. _processes.Where(process => process.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(process => what(process.Value))], grid);
}
