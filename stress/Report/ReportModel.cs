using System.Text.Json.Serialization;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>Everything the page shows: a pure function of a record and its verdict.</summary>
/// <param name="Took">Real time from the start until the tree ended.</param>
/// <param name="Ended">Why the run ended; null: the record has no end.</param>
/// <param name="Step">The interval of the charts.</param>
/// <param name="RecordFile">The name of the record file beside the page.</param>
internal sealed record ReportModel(
    RunPlan Plan, [property: JsonPropertyName("surroundings")] RunEnvironment Environment, TimeSpan Took, string? Ended,
    [property: JsonPropertyName("judgement")] RunVerdict Verdict, Headline Headline,
    TimeSpan Step, IReadOnlyList<Chart> Charts, LatencyReport Latencies, IReadOnlyList<FaultRow> Faults, IReadOnlyList<ServiceRow> Services, string RecordFile)
{
    /// <exception cref="InvalidDataException">The record has no beginning.</exception>
    public static ReportModel Of(IReadOnlyList<RunEvent> record, RunVerdict runVerdict, string recordFile)
    {
        var began = record.OfType<RunBegan>().FirstOrDefault() ?? throw new InvalidDataException("the record has no beginning");
        var grid = TimeGrid.For(record[^1].At);
        var (processes, work, faults, count) = (new ProcessCharts(grid), new WorkCharts(grid), new FaultHistory(), new HeadlineCount());
        var services = began.Services.ToDictionary(service => service.Name, _ => new ServiceHistory(), StringComparer.Ordinal);
        foreach (var runEvent in record)
        {
            work.Apply(runEvent);
            faults.Apply(runEvent);
            count.Apply(runEvent, work);
            if (runEvent is ProcessSampled sample)
                processes.Apply(sample);
            if (ServiceOf(runEvent) is { } name && services.TryGetValue(name, out var service))
                service.Apply(runEvent);
        }

        ServiceRow[] rows = [.. began.Services.Select(facts => services[facts.Name].Row(facts, processes.Peak("server " + facts.Name)))];
        return new ReportModel(
            began.Plan, began.Environment, record[^1].At, record.OfType<RunEnded>().LastOrDefault()?.Why, runVerdict,
            Figures(count, rows, services.Values), grid.Step, [.. processes.Charts(), .. work.Charts()],
            LatencyReport.Of(record.OfType<ChangeServed>(), faults.Rows), faults.Rows, rows, recordFile);
    }

    private static string? ServiceOf(RunEvent runEvent) => runEvent switch
    {
        ServiceSeen seen => seen.Service,
        LedgerEntrySeen seen => seen.Service,
        RequestsMade made => made.Service,
        _ => null,
    };

    private static Headline Figures(HeadlineCount count, ServiceRow[] rows, IReadOnlyCollection<ServiceHistory> services) => new(
        count.Jobs, count.JobsSkipped, count.JobsTroubled, count.WatcherDeaths, count.ParentDeaths, count.ChangesServed, count.ChangesLost,
        rows.Sum(row => row.Requests), rows.Sum(row => row.Failed),
        services.Sum(service => service.Restarts), services.Sum(service => service.Explained));
}
