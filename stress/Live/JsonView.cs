using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>For programs: one JSON document a line. Progress every 5 s, each fault, each violation, and at the end the result.</summary>
internal sealed class JsonView(TextWriter output) : ILiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Durations and times are seconds, as in the record.
    private static readonly JsonSerializerOptions Options = new(RecordJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,

        // The output does not go into a web page; an apostrophe should stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly LiveFigures _figures = new();
    private readonly NewViolations _newViolations = new();
    private TimeSpan _next;

    public void Apply(RunEvent runEvent)
    {
        _figures.Apply(runEvent);
        switch (runEvent)
        {
            case FaultBegan began:
                Write(new { Type = "fault-began", began.At, began.Fault, began.Name, began.Target, began.Service, began.Pid });
                break;
            case FaultEnded ended:
                Write(new { Type = "fault-ended", ended.At, ended.Fault, ended.Name, ended.VictimDied, ended.Detail });
                break;
            case FaultSkipped skipped:
                Write(new { Type = "fault-skipped", skipped.At, skipped.Fault, skipped.Name, skipped.Why });
                break;
        }
    }

    public void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts)
    {
        foreach (var line in _newViolations.Take(verdicts))
            Write(new { Type = "violation", line.At, line.Invariant, line.What });

        if (now < _next)
            return;

        _next = now + Interval;
        Write(Progress(now, verdicts));
    }

    public void Conclude(RunResult result) => Write(new
    {
        Type = "result",
        result.Verdict.Held,
        result.Verdict.Sentence,
        result.Plan.Scenario,
        result.Plan.Seed,
        Invariants = result.Verdict.Verdicts.Select(
            verdict => new { verdict.Name, verdict.Checks, verdict.Violated, verdict.Measured, verdict.NotApplicable }),
        result.Report,
        result.Record,
        result.Replay,
    });

    public void Dispose() => output.Flush();

    private object Progress(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts) => new
    {
        Type = "progress",
        At = now,
        Schedule = _figures.Scheduled(now),
        Left = _figures.Left(now),
        Jobs = new { Done = _figures.JobsDone, Running = _figures.JobsRunning, Skipped = _figures.JobsSkipped },
        Faults = new { Done = _figures.FaultsDone, Skipped = _figures.FaultsSkipped },
        Requests = new { Made = _figures.RequestsMade, Failed = _figures.RequestsFailed },
        Changes = new
        {
            Served = _figures.ChangesServed.Count,
            Lost = _figures.ChangesLost,
            P50 = _figures.ChangesServed.Quantile(0.5),
            P99 = _figures.ChangesServed.Quantile(0.99),
            Longest = _figures.ChangesServed.Longest,
        },
        Watcher = _figures.Watcher is not { } watcher
            ? null
            : new { watcher.State, watcher.Pid, watcher.Epoch, Deaths = _figures.WatcherDeaths, MemoryBytes = _figures.WatcherSample?.ResidentBytes },
        Violated = verdicts.Sum(verdict => verdict.Violated),
    };

    private void Write(object document)
    {
        output.WriteLine(JsonSerializer.Serialize(document, Options));
        output.Flush();
    }
}
