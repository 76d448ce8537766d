using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>
/// When each service may be restarted or fail a request, and why: jobs that have its files, faults of its server or its host.
/// Whatever happens to the watcher or the parent excuses nothing: that is the product's promise. A fold; ask it only about what
/// is some seconds past (<see cref="DecisionDelay"/>).
/// </summary>
internal sealed class DisruptionLog
{
    /// <summary>
    /// The board comes over three pipes on a busy machine: what it says may have been so for this long, and what has become so
    /// may be said this much later.
    /// </summary>
    public static readonly TimeSpan BoardLag = TimeSpan.FromSeconds(2);

    /// <summary>The kernel tells starts in ticks of 10 ms, and two clocks are compared.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// After this long, the record has told all that bears on a moment: the board's lag, and the same again for a stalled
    /// observer.
    /// </summary>
    public static readonly TimeSpan DecisionDelay = BoardLag * 2;

    /// <summary>The longest time without a board (a dead parent) after which somebody may still ask about what was before.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ServiceTimeline> _courses = new(StringComparer.Ordinal);
    private readonly List<TimeRange> _blind = [];

    /// <summary>What the board said last; null: an unknown service, or nothing yet.</summary>
    public ServiceSeen? Last(string service) => _courses.GetValueOrDefault(service)?.Last;

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunBegan began:
                foreach (var facts in began.Services)
                    _courses[facts.Name] = new ServiceTimeline(facts);

                break;

            case JobBegan job:
                Forget(job.At - Retention);
                Each(job.Services, course => course.Began(job));
                break;

            case JobEnded job:
                Each(_courses.Keys, course => course.Ended(job));
                break;

            case ChangeServed served:
                Each([served.Service], course => course.Answered(served.Job, served.At));
                break;

            case ChangeLost lost:
                Each([lost.Service], course => course.Answered(lost.Job, lost.At));
                break;

            case ServiceSeen seen:
                Each([seen.Service], course => course.Saw(seen));
                break;

            default:
                ApplyFault(runEvent);
                break;
        }
    }

    /// <param name="when">When the new process was started, as exactly as known.</param>
    /// <returns>What explains it; null: nothing does.</returns>
    public string? WhyRestarted(string service, TimeRange when)
    {
        if (!_courses.TryGetValue(service, out var course))
            return null;

        var about = when.Widen(ClockTolerance);
        return course.Faults.LastOrDefault(fault => fault.ExcusesRestart && fault.Range.Overlaps(about))?.Why
            ?? (course.Facts.ReloadsInPlace ? null : WhoTouched(service, when));
    }

    /// <summary>The job that had the service's files then, or whose changes were on their way.</summary>
    public string? WhoTouched(string service, TimeRange when) =>
        _courses.GetValueOrDefault(service)?.Jobs.LastOrDefault(job => job.Range.Overlaps(when.Widen(ClockTolerance)))?.Why;

    /// <summary>
    /// A fault excuses every request while it lasts. A job excuses one only while the board says (or cannot say) that its
    /// server was being replaced: from a server that is ready an answer is due, whatever is written around it.
    /// </summary>
    /// <param name="when">From sending it until its failure.</param>
    /// <returns>What explains it; null: nothing does.</returns>
    public string? WhyFailed(string service, TimeRange when)
    {
        if (!_courses.TryGetValue(service, out var course))
            return null;

        return course.Faults.LastOrDefault(fault => fault.Range.Overlaps(when))?.Why
            ?? (course.Facts.ReloadsInPlace ? null : WhyAway(course, when));
    }

    /// <summary>A job is told before it touches anything: one that began after the failure cannot be its reason.</summary>
    private string? WhyAway(ServiceTimeline course, TimeRange when)
    {
        var about = when.Widen(BoardLag);
        var jobs = course.Jobs.Where(job => job.Range.From <= when.Until).ToList();
        var unseen = _blind.Where(blind => blind.Overlaps(about)).Select(_ => about);
        var away = course.Away.Where(away => away.Overlaps(about));

        return away.Concat(unseen)
            .Select(stretch => jobs.FindLast(job => job.Range.Overlaps(stretch.Widen(BoardLag)))?.Why)
            .FirstOrDefault(why => why is not null);
    }

    private void ApplyFault(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan { Target: FaultTarget.Server or FaultTarget.Host, Service: { } service } fault:
                Each([service], course => course.Began(fault));
                break;

            case FaultBegan { Target: FaultTarget.Parent } fault:
                _blind.Add(new TimeRange(fault.At, Until: null));
                break;

            case FaultEnded fault:
                Each(_courses.Keys, course => course.Ended(fault));
                break;

            case ParentSeen parent when _blind is [.., { Until: null } blind] && parent.StartedAt > blind.From - ClockTolerance:
                _blind[^1] = blind with { Until = parent.At };
                break;
        }
    }

    private void Forget(TimeSpan before)
    {
        Each(_courses.Keys, course => course.Forget(before));
        _blind.RemoveAll(blind => blind.Until < before);
    }

    private void Each(IEnumerable<string> services, Action<ServiceTimeline> act)
    {
        foreach (var service in services)
        {
            if (_courses.TryGetValue(service, out var course))
                act(course);
        }
    }
}
