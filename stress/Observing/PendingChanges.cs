using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// The changes that one service does not serve yet: each job's changes are pending until a running server has read them, or until their deadline.
/// Pure decisions: manifests and times come in, events for the record go out. Not thread-safe.
/// </summary>
/// <remarks>
/// A path that a later job also changes belongs to the later job: the earlier content no longer exists. An earlier job with no paths left is settled
/// together with the jobs that took them over. While a job runs nothing is lost: it may be rewriting these files. In addition, the whole folder must be
/// served as it is on disk once it is quiet: a job that restores everything changes nothing, but what it wrote meanwhile must not stay served.
/// </remarks>
internal sealed class PendingChanges(string service, IReadOnlyDictionary<string, string> disk)
{
    /// <summary>
    /// A service that changes its own files when it starts is held to one reload in 10 s; then it is validated (3 s on a busy machine), stopped (5 s of
    /// grace) and started (5 s); plus a margin.
    /// </summary>
    public static readonly TimeSpan QuietBound = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest backoff is 30 s plus 25 %; a watcher may return from its own backoff, poll its roots and see the change only then; and the server may fail
    /// again at its first start: all of that twice.
    /// </summary>
    public static readonly TimeSpan DisturbedBound = TimeSpan.FromSeconds(120);

    /// <summary>Oldest first; one per job since the service was last up to date.</summary>
    private readonly List<PendingChange> _pending = [];

    /// <summary>Recorded as lost and not yet served correctly: not reported again.</summary>
    private readonly HashSet<string> _lostPaths = new(StringComparer.Ordinal);

    private IReadOnlyDictionary<string, string> _disk = disk;
    private bool _jobRuns;
    private TimeSpan _quietSince;
    private int? _wholePendingFor;

    /// <summary>Whether anything is pending: only then is the server read.</summary>
    public bool IsPending => _pending.Count > 0 || _wholePendingFor is not null;

    /// <summary>The folder changes from now on.</summary>
    public void JobBegan() => _jobRuns = true;

    /// <param name="left">The content on disk after the job.</param>
    /// <returns>How many files differ from before.</returns>
    public int JobEnded(int job, IReadOnlyDictionary<string, string> left, TimeSpan at)
    {
        var changed = _disk.Keys.Union(left.Keys, StringComparer.Ordinal)
            .Where(path => _disk.GetValueOrDefault(path) != left.GetValueOrDefault(path))
            .ToArray();
        foreach (var earlier in _pending)
            earlier.Supersede(changed, job);
        if (changed.Length > 0)
            _pending.Add(new PendingChange(job, at, changed.ToDictionary(path => path, left.GetValueOrDefault, StringComparer.Ordinal)));

        _jobRuns = false;
        ExpectAll(job, left, at);
        return changed.Length;
    }

    /// <summary>From now on everything must be served as it is on disk; what is not, that job has lost.</summary>
    public void ExpectAll(int job, IReadOnlyDictionary<string, string> onDisk, TimeSpan at)
    {
        _disk = onDisk;
        _quietSince = at;
        _wholePendingFor = job;
    }

    /// <returns>The events to record: each change once, served or lost.</returns>
    public IReadOnlyList<RunEvent> Observe(ContentSnapshot seen, DisturbedPeriods disturbed)
    {
        var results = new List<RunEvent>();

        // Latest first: a job is settled after the jobs that took over its paths.
        foreach (var change in _pending.AsEnumerable().Reverse().ToArray())
        {
            if (change.Decide(service, seen, IsOverdue(change.Since, seen.At, disturbed)) is not { } result)
                continue;

            results.Add(result);
            _pending.Remove(change);
            var lost = result as ChangeLost;
            if (lost is not null)
                MarkLost(change);
            foreach (var earlier in _pending)
                earlier.SuccessorSettled(change.Job, lost?.Example);
        }

        results.Reverse();
        if (_pending.Count == 0 && CheckWhole(seen, disturbed) is { } wholeLoss)
            results.Add(wholeLoss);
        return results;
    }

    /// <summary>The whole folder is then known not to be served as it is on disk.</summary>
    private void MarkLost(PendingChange change)
    {
        _lostPaths.UnionWith(change.Paths);
        _wholePendingFor = null;
    }

    private ChangeLost? CheckWhole(ContentSnapshot seen, DisturbedPeriods disturbed)
    {
        if (_wholePendingFor is not { } job)
            return null;

        var wrong = _disk.Keys.Union(seen.Served?.Keys ?? [], StringComparer.Ordinal)
            .Where(path => !seen.Agrees(path, _disk.GetValueOrDefault(path)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        _lostPaths.IntersectWith(wrong);
        var overdue = IsOverdue(_quietSince, seen.At, disturbed);
        if (wrong.Length > 0 && !overdue)
            return null;

        _wholePendingFor = null;
        var newlyWrong = wrong.Except(_lostPaths, StringComparer.Ordinal).FirstOrDefault();
        _lostPaths.UnionWith(wrong);
        return newlyWrong is null
            ? null
            : new ChangeLost(seen.At, job, service, seen.At - _quietSince, seen.Describe(newlyWrong, _disk.GetValueOrDefault(newlyWrong)));
    }

    /// <summary>
    /// Counted from when the folder was last quiet: before, the service may correctly have served content that a later job wrote for a while.
    /// </summary>
    private bool IsOverdue(TimeSpan since, TimeSpan now, DisturbedPeriods disturbed)
    {
        var quiet = since > _quietSince ? since : _quietSince;
        return !_jobRuns && now - quiet > (disturbed.Overlaps(service, since, now) ? DisturbedBound : QuietBound);
    }
}
