using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>The jobs and faults that affected one service, and the periods in which the board showed no ready server.</summary>
internal sealed class ServiceTimeline(ServiceFacts facts)
{
    private readonly List<JobSpan> _jobs = [];
    private readonly List<FaultSpan> _faults = [];
    private readonly List<TimeRange> _unavailable = [];

    public ServiceFacts Facts => facts;

    public IReadOnlyList<JobSpan> Jobs => _jobs;

    public IReadOnlyList<FaultSpan> Faults => _faults;

    /// <summary>Periods in which the board showed no ready server.</summary>
    public IReadOnlyList<TimeRange> Unavailable => _unavailable;

    public ServiceSeen? Last { get; private set; }

    /// <summary>During a validation the old server continues; it may still be starting.</summary>
    public static bool Serves(ServiceSeen seen) =>
        seen is { State: ServicePhase.Ready, Pid: not null } or { State: ServicePhase.Building or ServicePhase.Validating, IsReady: true, Pid: not null };

    public void Began(JobBegan job) => _jobs.Add(new JobSpan(job));

    public void Began(FaultBegan fault) => _faults.Add(new FaultSpan(fault));

    public void Ended(JobEnded job) =>
        _jobs.Find(span => span.Job == job.Job)
            ?.Ended(job, job.Touched.Any(touched => touched.Service == facts.Name && touched.Files > 0), IsServing);

    public void Ended(FaultEnded fault) => _faults.Find(span => span.Fault == fault.Fault)?.Ended(fault, Last);

    public void Served(int job, TimeSpan at) => _jobs.Find(span => span.Job == job)?.Served(at, IsServing);

    public void Saw(ServiceSeen seen)
    {
        Follow(seen);
        Last = seen;
        _faults.ForEach(span => span.Saw(seen));
        _jobs.ForEach(span => span.Settle(seen.At, IsServing));
    }

    public void Forget(TimeSpan before)
    {
        _jobs.RemoveAll(span => span.Range.Until < before);
        _faults.RemoveAll(span => span.Range.Until < before);
        _unavailable.RemoveAll(period => period.Until < before);
    }

    private bool IsServing => Last is null || Serves(Last);

    private void Follow(ServiceSeen seen)
    {
        if (Last is null)
            return;

        switch (Serves(Last), Serves(seen))
        {
            case (true, false):
                _unavailable.Add(new TimeRange(seen.At, Until: null));
                break;

            case (false, true) when _unavailable.Count > 0:
                _unavailable[^1] = _unavailable[^1] with { Until = seen.At };
                break;

            // The change was not on any board, or there was none (the parent was dead): the service was unavailable since the old server's stop.
            case (true, true) when seen.Pid != Last.Pid:
                _unavailable.Add(new TimeRange((seen.StartedAt ?? seen.At) - ProductSpec.StopGrace, seen.At));
                break;
        }
    }
}
