using Supervisor.Stress.Live;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The charts of work and results: files changed, changes served, restarts, requests failed.</summary>
internal sealed class WorkCharts(TimeGrid grid)
{
    private readonly IntervalCounter _files = new(grid);
    private readonly IntervalCounter _served = new(grid);
    private readonly IntervalCounter _lost = new(grid);
    private readonly IntervalCounter _reloads = new(grid);
    private readonly IntervalCounter _recoveries = new(grid);
    private readonly IntervalCounter _watchers = new(grid);
    private readonly IntervalCounter _parents = new(grid);
    private readonly IntervalCounter _failed = new(grid);
    private readonly SortedDictionary<int, Latencies> _latencies = [];

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case JobEnded ended:
                _files.Add(ended.At, ended.Touched.Sum(touched => touched.Files));
                break;
            case ChangeServed served:
                _served.Add(served.At);
                LatenciesAt(served.At).Add(served.Latency);
                break;
            case ChangeLost lost:
                _lost.Add(lost.At);
                break;
            case LedgerEntrySeen seen when RestartEntries.IsRestart(seen):
                (seen.Entry.Cause == "files" ? _reloads : _recoveries).Add(seen.HappenedAt);
                break;
            case RequestsMade { Failed: > 0 } made:
                _failed.Add(made.At, made.Failed);
                break;
        }
    }

    public void AddWatcherRestart(TimeSpan at) => _watchers.Add(at);

    public void AddParentRestart(TimeSpan at) => _parents.Add(at);

    public IEnumerable<Chart> Charts()
    {
        var each = $"in {DisplayFormat.Span(grid.Step)}";
        yield return new Chart("Relevant files changed by jobs", each, "", [Stack("files", "service-1", _files)]);
        yield return new Chart("Changes served", each, "", [Stack("served", "good", _served), Stack("lost", "bad", _lost)]);
        yield return new Chart("Time until a change is served", $"of those {each}", "s",
        [
            new Series("longest", "service-4", SeriesLook.Bars, [.. Each(latencies => latencies.Longest)]),
            new Series("median", "service-1", SeriesLook.Bars, [.. Each(latencies => latencies.Quantile(0.5))]),
        ]);
        yield return new Chart("Restarts", each, "",
        [
            Stack("servers, for changed files", "quiet", _reloads), Stack("servers, for other causes", "server", _recoveries),
            Stack("watcher", "watcher", _watchers), Stack("parent", "parent", _parents),
        ]);
        yield return new Chart("Requests failed", each, "", [Stack("failed", "bad", _failed)]);
    }

    private static Series Stack(string name, string colour, IntervalCounter counter) => new(name, colour, SeriesLook.Stack, counter.Values);

    private Latencies LatenciesAt(TimeSpan at)
    {
        var index = grid.IndexOf(at);
        if (!_latencies.TryGetValue(index, out var latencies))
            _latencies[index] = latencies = new Latencies();

        return latencies;
    }

    private IEnumerable<double?> Each(Func<Latencies, TimeSpan?> what) =>
        Enumerable.Range(0, grid.Count)
            .Select(index => _latencies.TryGetValue(index, out var latencies) ? what(latencies) : null)
            .Select(latency => latency is { } known ? Gauge.Round(known.TotalSeconds) : (double?)null);
}
