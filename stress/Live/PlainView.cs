using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>For logs: one line a minute, one for each violation, and the result.</summary>
internal sealed class PlainView(TextWriter output) : ILiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly LiveFigures _figures = new();
    private readonly NewViolations _newViolations = new();
    private TimeSpan _next = Interval;

    public void Apply(RunEvent runEvent)
    {
        _figures.Apply(runEvent);
        if (runEvent is RunBegan { Plan: var plan })
            output.WriteLine(
                $"{plan.Scenario}, seed {plan.Seed}: {DisplayFormat.Clock(plan.Duration)} of schedule at speed {plan.Speed:0.##}, done in {DisplayFormat.Clock(plan.RealDuration)}");
    }

    public void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts)
    {
        foreach (var line in _newViolations.Take(verdicts))
            output.WriteLine($"{DisplayFormat.Clock(line.At)} VIOLATED {line.Invariant}: {line.What}");

        if (now < _next)
            return;

        _next = now + Interval;
        output.WriteLine(Line(now, verdicts.Sum(verdict => verdict.Violated)));
    }

    public void Conclude(RunResult result) => ResultText.Write(output, result);

    public void Dispose() => output.Flush();

    private string Line(TimeSpan now, long violated) =>
        $"{DisplayFormat.Clock(now)} {_figures.Progress(now):P0}, {DisplayFormat.Clock(_figures.Left(now) ?? TimeSpan.Zero)} left: "
        + $"{DisplayFormat.Count(_figures.JobsDone, "job", "jobs")}, {DisplayFormat.Count(_figures.FaultsDone, "fault", "faults")}, "
        + $"{DisplayFormat.Count(_figures.RequestsMade, "request", "requests")} ({DisplayFormat.Count(_figures.RequestsFailed)} failed), "
        + $"{DisplayFormat.Count(_figures.ChangesServed.Count, "change", "changes")} served"
        + $" (p50 {DisplayFormat.Latency(_figures.ChangesServed.Quantile(0.5))}, p99 {DisplayFormat.Latency(_figures.ChangesServed.Quantile(0.99))}), "
        + $"{DisplayFormat.Count(_figures.ChangesLost)} lost, {DisplayFormat.Count(_figures.WatcherDeaths, "watcher death", "watcher deaths")}, "
        + DisplayFormat.Count(violated, "violation", "violations");
}
