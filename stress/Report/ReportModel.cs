using Supervisor.Stress.Judging;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>Everything that the page shows: a pure function of a record and the verdicts over it.</summary>
/// <param name="Took">Real time from the start until the tree was gone.</param>
/// <param name="Ended">Why the run ended; null: the record has no end.</param>
/// <param name="Step">The interval of the charts.</param>
/// <param name="RecordFile">Its name, beside the page.</param>
internal sealed record ReportModel(
    RunPlan Plan, RunSurroundings Surroundings, TimeSpan Took, string? Ended, Judgement Judgement, Headline Headline,
    TimeSpan Step, IReadOnlyList<Chart> Charts, LatencyReport Latencies, IReadOnlyList<FaultRow> Faults, IReadOnlyList<ServiceRow> Services, string RecordFile)
{
    /// <exception cref="InvalidDataException">The record has no beginning.</exception>
    public static ReportModel Of(IReadOnlyList<RunEvent> record, Judgement judgement, string recordFile)
    {
        var began = record.OfType<RunBegan>().FirstOrDefault() ?? throw new InvalidDataException("the record does not tell how the run began");
        var grid = TimeGrid.For(record[^1].At);
        var (processes, work, faults, count) = (new ProcessCharts(grid), new WorkCharts(grid), new FaultHistory(), new HeadlineCount());
        var services = began.Services.ToDictionary(service => service.Name, _ => new ServiceHistory(), StringComparer.Ordinal);
        foreach (var happened in record)
        {
            work.See(happened);
            faults.See(happened);
            count.See(happened, work);
            if (happened is ProcessSampled sample)
                processes.See(sample);
            if (ServiceOf(happened) is { } name && services.TryGetValue(name, out var service))
                service.See(happened);
        }

        ServiceRow[] rows = [.. began.Services.Select(facts => services[facts.Name].Row(facts, processes.Peak("server " + facts.Name)))];
        return new ReportModel(
            began.Plan, began.Surroundings, record[^1].At, record.OfType<RunEnded>().LastOrDefault()?.Why, judgement,
            Figures(count, rows, services.Values), grid.Step, [.. processes.Charts(), .. work.Charts()],
            LatencyReport.Of(record.OfType<ChangeServed>(), faults.Rows), faults.Rows, rows, recordFile);
    }

    private static string? ServiceOf(RunEvent happened) => happened switch
    {
        ServiceSeen seen => seen.Service,
        LedgerSaid said => said.Service,
        RequestsMade made => made.Service,
        _ => null,
    };

    private static Headline Figures(HeadlineCount count, ServiceRow[] rows, IReadOnlyCollection<ServiceHistory> services) => new(
        count.Jobs, count.JobsSkipped, count.JobsTroubled, count.WatcherDeaths, count.ParentDeaths, count.ChangesServed, count.ChangesLost,
        rows.Sum(row => row.Requests), rows.Sum(row => row.Failed),
        services.Sum(service => service.Restarts), services.Sum(service => service.Explained));
}
