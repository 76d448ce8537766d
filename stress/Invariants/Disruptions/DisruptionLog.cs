using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>
/// When each service may restart or fail a request, and why: jobs that change its files, faults of its server or host. A fault of the watcher or the parent
/// excuses nothing: the product promises that. A fold; query it only about times at least <see cref="DecisionDelay"/> ago.
/// </summary>
internal sealed class DisruptionLog
{
    /// <summary>
    /// The board comes over three pipes on a busy machine: a state may be shown this much longer than it lasted, and this much after it began.
    /// </summary>
    public static readonly TimeSpan BoardLag = TimeSpan.FromSeconds(2);

    /// <summary>The kernel reports start times in ticks of 10 ms, and two clocks are compared.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(100);

    /// <summary>After this long the record has everything about a moment: twice the lag of the board, in case an observer stalls.</summary>
    public static readonly TimeSpan DecisionDelay = BoardLag * 2;

    /// <summary>The longest time without a board (a dead parent) after which earlier times may still be queried.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ServiceTimeline> _timelines = new(StringComparer.Ordinal);
    private readonly List<TimeRange> _withoutBoard = [];

    /// <summary>The latest state on a board; null: an unknown service, or none yet.</summary>
    public ServiceSeen? Last(string service) => _timelines.GetValueOrDefault(service)?.Last;

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunBegan began:
                foreach (var facts in began.Services)
                    _timelines[facts.Name] = new ServiceTimeline(facts);

                break;

            case JobBegan job:
                Forget(job.At - Retention);
                Each(job.Services, timeline => timeline.Began(job));
                break;

            case JobEnded job:
                Each(_timelines.Keys, timeline => timeline.Ended(job));
                break;

            case ChangeServed served:
                Each([served.Service], timeline => timeline.Served(served.Job, served.At));
                break;

            case ChangeLost lost:
                Each([lost.Service], timeline => timeline.Served(lost.Job, lost.At));
                break;

            case ServiceSeen seen:
                Each([seen.Service], timeline => timeline.Saw(seen));
                break;

            default:
                ApplyFault(runEvent);
                break;
        }
    }

    /// <param name="when">When the new process started, as exactly as known.</param>
    /// <returns>The explanation; null: there is none.</returns>
    public string? WhyRestarted(string service, TimeRange when)
    {
        if (!_timelines.TryGetValue(service, out var timeline))
            return null;

        var about = when.Widen(ClockTolerance);
        return timeline.Faults.LastOrDefault(fault => fault.ExcusesRestart && fault.Range.Overlaps(about))?.Why
            ?? (timeline.Facts.ReloadsInPlace ? null : WhoTouched(service, when));
    }

    /// <summary>The job that had exclusive access to the files then, or whose changes were on their way.</summary>
    public string? WhoTouched(string service, TimeRange when) =>
        _timelines.GetValueOrDefault(service)?.Jobs.LastOrDefault(job => job.Range.Overlaps(when.Widen(ClockTolerance)))?.Why;

    /// <summary>
    /// A fault excuses every request while it lasts. A job excuses a request only while the board shows (or cannot show) that the server was being replaced:
    /// a ready server must answer, whatever is written meanwhile.
    /// </summary>
    /// <param name="when">From sending the request until its failure.</param>
    /// <returns>What explains it; null: nothing does.</returns>
    public string? WhyFailed(string service, TimeRange when)
    {
        if (!_timelines.TryGetValue(service, out var timeline))
            return null;

        return timeline.Faults.LastOrDefault(fault => fault.Range.Overlaps(when))?.Why
            ?? (timeline.Facts.ReloadsInPlace ? null : WhyUnavailable(timeline, when));
    }

    /// <summary>A job is recorded before it changes anything: a job that began after the failure cannot be its reason.</summary>
    private string? WhyUnavailable(ServiceTimeline timeline, TimeRange when)
    {
        var about = when.Widen(BoardLag);
        var jobs = timeline.Jobs.Where(job => job.Range.From <= when.Until).ToList();
        var unseen = _withoutBoard.Where(period => period.Overlaps(about)).Select(_ => about);
        var unavailable = timeline.Unavailable.Where(period => period.Overlaps(about));

        return unavailable.Concat(unseen)
            .Select(period => jobs.FindLast(job => job.Range.Overlaps(period.Widen(BoardLag)))?.Why)
            .FirstOrDefault(why => why is not null);
    }

    private void ApplyFault(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan { Target: FaultTarget.Server or FaultTarget.Host, Service: { } service } fault:
                Each([service], timeline => timeline.Began(fault));
                break;

            case FaultBegan { Target: FaultTarget.Parent } fault:
                _withoutBoard.Add(new TimeRange(fault.At, Until: null));
                break;

            case FaultEnded fault:
                Each(_timelines.Keys, timeline => timeline.Ended(fault));
                break;

            case ParentSeen parent when _withoutBoard is [.., { Until: null } period] && parent.StartedAt > period.From - ClockTolerance:
                _withoutBoard[^1] = period with { Until = parent.At };
                break;
        }
    }

    private void Forget(TimeSpan before)
    {
        Each(_timelines.Keys, timeline => timeline.Forget(before));
        _withoutBoard.RemoveAll(period => period.Until < before);
    }

    private void Each(IEnumerable<string> services, Action<ServiceTimeline> act)
    {
        foreach (var service in services)
        {
            if (_timelines.TryGetValue(service, out var timeline))
                act(timeline);
        }
    }
}
