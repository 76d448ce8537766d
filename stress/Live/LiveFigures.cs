using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>One fault as one line of the live view.</summary>
/// <param name="Outcome">Null: it is still under way.</param>
internal sealed record FaultLine(TimeSpan At, int Fault, string Name, string? Service, string? Outcome);

/// <summary>The figures of a run so far: a fold over its record. Not thread-safe: one view owns it.</summary>
internal sealed class LiveFigures
{
    private const int FaultsKept = 32;

    private readonly LinkedList<FaultLine> _faults = new();
    private readonly SortedDictionary<string, ServiceSeen> _services = new(StringComparer.Ordinal);
    private TimeSpan _began;
    private int? _watcher;

    /// <summary>Null until the tree is up.</summary>
    public RunPlan? Plan { get; private set; }

    public int JobsRunning { get; private set; }

    public int JobsDone { get; private set; }

    public int JobsSkipped { get; private set; }

    public int FaultsDone { get; private set; }

    public int FaultsSkipped { get; private set; }

    public long RequestsMade { get; private set; }

    public long RequestsFailed { get; private set; }

    public int ChangesLost { get; private set; }

    public Latencies ChangesServed { get; } = new();

    public WatcherSeen? Watcher { get; private set; }

    /// <summary>Watchers that were replaced by another one. The board's own count restarts with each parent.</summary>
    public int WatcherDeaths { get; private set; }

    public ProcessSampled? WatcherSample { get; private set; }

    public IReadOnlyCollection<ServiceSeen> Services => _services.Values;

    /// <summary>The newest first; bounded.</summary>
    public IEnumerable<FaultLine> RecentFaults => _faults;

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunBegan began:
                (Plan, _began) = (began.Plan, began.At);
                break;
            case JobBegan:
                JobsRunning++;
                break;
            case JobEnded:
                (JobsRunning, JobsDone) = (JobsRunning - 1, JobsDone + 1);
                break;
            case JobSkipped:
                JobsSkipped++;
                break;
            case FaultBegan or FaultEnded or FaultSkipped:
                ApplyFault(runEvent);
                break;
            default:
                ApplyTreeEvent(runEvent);
                break;
        }
    }

    public TimeSpan Elapsed(TimeSpan now) => now > _began ? now - _began : TimeSpan.Zero;

    /// <summary>The position in the schedule, at most its end.</summary>
    public TimeSpan Scheduled(TimeSpan now) =>
        Plan is null ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min((Elapsed(now) * Plan.Speed).Ticks, Plan.Duration.Ticks));

    /// <summary>The time left if the machine keeps up; null until the tree is up.</summary>
    public TimeSpan? Left(TimeSpan now) =>
        Plan is null ? null : TimeSpan.FromTicks(Math.Max(0, (Plan.RealDuration - Elapsed(now)).Ticks));

    public double Progress(TimeSpan now) => Plan is { Duration.Ticks: > 0 } ? Scheduled(now) / Plan.Duration : 0;

    /// <summary>The rate of something counted since the run began, in real time.</summary>
    public double PerMinute(long count, TimeSpan now) => Elapsed(now) > TimeSpan.Zero ? count / Elapsed(now).TotalMinutes : 0;

    private void ApplyFault(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan began:
                AddFault(new FaultLine(began.At, began.Fault, began.Name, began.Service, Outcome: null));
                break;
            case FaultEnded ended:
                FaultsDone++;
                if (_faults.FirstOrDefault(line => line.Fault == ended.Fault && line.Outcome is null) is { } open)
                    _faults.Find(open)!.Value = open with { Outcome = ended.Detail };
                break;
            case FaultSkipped skipped:
                FaultsSkipped++;
                AddFault(new FaultLine(skipped.At, skipped.Fault, skipped.Name, Service: null, "skipped: " + skipped.Why));
                break;
        }
    }

    private void ApplyTreeEvent(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case WatcherSeen seen:
                WatcherDeaths += seen.Pid is { } pid && _watcher is { } before && pid != before ? 1 : 0;
                (Watcher, _watcher) = (seen, seen.Pid ?? _watcher);
                break;
            case ServiceSeen seen:
                _services[seen.Service] = seen;
                break;
            case ProcessSampled { Process: "watcher" } sampled:
                WatcherSample = sampled;
                break;
            case ChangeServed served:
                ChangesServed.Add(served.Latency);
                break;
            case ChangeLost:
                ChangesLost++;
                break;
            case RequestsMade made:
                (RequestsMade, RequestsFailed) = (RequestsMade + made.Made, RequestsFailed + made.Failed);
                break;
        }
    }

    private void AddFault(FaultLine line)
    {
        _faults.AddFirst(line);
        if (_faults.Count > FaultsKept)
            _faults.RemoveLast();
    }
}
