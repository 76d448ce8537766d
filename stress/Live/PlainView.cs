using Supervisor.Stress.Judging;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>For logs: a line a minute, a line for each violation, and the result.</summary>
internal sealed class PlainView(TextWriter output) : ILiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly LiveFigures _figures = new();
    private readonly ViolationNews _news = new();
    private TimeSpan _next = Interval;

    public void See(RunEvent happened)
    {
        _figures.See(happened);
        if (happened is RunBegan { Plan: var plan })
            output.WriteLine(
                $"{plan.Scenario}, seed {plan.Seed}: {Wording.Clock(plan.Duration)} of schedule at speed {plan.Speed:0.##}, done in {Wording.Clock(plan.RealDuration)}");
    }

    public void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts)
    {
        foreach (var line in _news.Take(verdicts))
            output.WriteLine($"{Wording.Clock(line.At)} VIOLATED {line.Invariant}: {line.What}");

        if (now < _next)
            return;

        _next = now + Interval;
        output.WriteLine(Line(now, verdicts.Sum(verdict => verdict.Violated)));
    }

    public void Conclude(RunResult result) => ResultText.Write(output, result);

    public void Dispose() => output.Flush();

    private string Line(TimeSpan now, long violated) =>
        $"{Wording.Clock(now)} {_figures.Progress(now):P0}, {Wording.Clock(_figures.Left(now) ?? TimeSpan.Zero)} left: "
        + $"{Wording.Count(_figures.JobsDone, "job", "jobs")}, {Wording.Count(_figures.FaultsDone, "fault", "faults")}, "
        + $"{Wording.Count(_figures.RequestsMade, "request", "requests")} ({Wording.Count(_figures.RequestsFailed)} failed), "
        + $"{Wording.Count(_figures.ChangesServed.Count, "change", "changes")} served"
        + $" (p50 {Wording.Latency(_figures.ChangesServed.Quantile(0.5))}, p99 {Wording.Latency(_figures.ChangesServed.Quantile(0.99))}), "
        + $"{Wording.Count(_figures.ChangesLost)} lost, {Wording.Count(_figures.WatcherDeaths, "watcher death", "watcher deaths")}, "
        + Wording.Count(violated, "violation", "violations");
}
