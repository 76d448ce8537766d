using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>What one service went through: the jobs and faults that reached it, and when the board said that it did not serve.</summary>
internal sealed class ServiceTimeline(ServiceFacts facts)
{
    private readonly List<JobSpan> _jobs = [];
    private readonly List<FaultSpan> _faults = [];
    private readonly List<TimeRange> _away = [];

    public ServiceFacts Facts => facts;

    public IReadOnlyList<JobSpan> Jobs => _jobs;

    public IReadOnlyList<FaultSpan> Faults => _faults;

    /// <summary>In which the board said that no server was ready.</summary>
    public IReadOnlyList<TimeRange> Away => _away;

    public ServiceSeen? Last { get; private set; }

    /// <summary>While a change is validated, the old server goes on; it may be one that is still starting.</summary>
    public static bool Serves(ServiceSeen seen) =>
        seen is { State: ServicePhase.Ready, Pid: not null } or { State: ServicePhase.Validating, IsReady: true, Pid: not null };

    public void Began(JobBegan job) => _jobs.Add(new JobSpan(job));

    public void Began(FaultBegan fault) => _faults.Add(new FaultSpan(fault));

    public void Ended(JobEnded job) =>
        _jobs.Find(span => span.Job == job.Job)
            ?.Ended(job, job.Touched.Any(touched => touched.Service == facts.Name && touched.Files > 0), IsServing);

    public void Ended(FaultEnded fault) => _faults.Find(span => span.Fault == fault.Fault)?.Ended(fault, Last);

    public void Answered(int job, TimeSpan at) => _jobs.Find(span => span.Job == job)?.Answered(at, IsServing);

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
        _away.RemoveAll(stretch => stretch.Until < before);
    }

    private bool IsServing => Last is null || Serves(Last);

    private void Follow(ServiceSeen seen)
    {
        if (Last is null)
            return;

        switch (Serves(Last), Serves(seen))
        {
            case (true, false):
                _away.Add(new TimeRange(seen.At, Until: null));
                break;

            case (false, true) when _away.Count > 0:
                _away[^1] = _away[^1] with { Until = seen.At };
                break;

            // The board was too quick to be seen, or there was none (the parent was dead): it was away from the old one's stop on.
            case (true, true) when seen.Pid != Last.Pid:
                _away.Add(new TimeRange((seen.StartedAt ?? seen.At) - ProductSpec.StopGrace, seen.At));
                break;
        }
    }
}
