using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// What one service owes to those who saved its files: each job's changes are owed until a running server is seen that has read them, or until their
/// deadline. Decides only: manifests and times come in, what is to be told goes out. Not thread-safe.
/// </summary>
/// <remarks>
/// A path that a later job changes too is owed to that one: nobody will ever see again what the earlier one wrote. An earlier job none of whose paths are
/// left is answered together with those that took them. While a job runs nothing is lost: it may be rewriting the very files. Apart from the single
/// changes the whole folder must be served as it is on disk once it is quiet: a job that puts everything back changes nothing, and yet what it wrote
/// meanwhile must not stay served.
/// </remarks>
internal sealed class PendingChanges(string service, IReadOnlyDictionary<string, string> disk)
{
    /// <summary>A service whose starts seem to change its own files is held to one reload in 10 s; then it is validated (3 s on a busy machine), stopped (5 s
    /// of grace) and started (5 s); and room.</summary>
    public static readonly TimeSpan QuietBound = TimeSpan.FromSeconds(30);

    /// <summary>The longest backoff is 30 s and 25 %; a watcher may come back from its own, poll its roots and see the change only then; and the server may
    /// fail again at its first start: all of that twice.</summary>
    public static readonly TimeSpan DisturbedBound = TimeSpan.FromSeconds(120);

    /// <summary>Oldest first. As many as jobs were run since the service was last up to date.</summary>
    private readonly List<PendingChange> _pending = [];

    /// <summary>InMemoryRecord as lost and not yet seen as it should be: no news.</summary>
    private readonly HashSet<string> _lostPaths = new(StringComparer.Ordinal);

    private IReadOnlyDictionary<string, string> _disk = disk;
    private bool _jobRuns;
    private TimeSpan _quietSince;
    private int? _wholePendingFor;

    /// <summary>Whether anything is owed: only then is it worth looking at what is served.</summary>
    public bool IsOpen => _pending.Count > 0 || _wholePendingFor is not null;

    /// <summary>From now on the folder is in flux.</summary>
    public void JobBegan() => _jobRuns = true;

    /// <param name="left">What the job left on disk.</param>
    /// <returns>How many files are not what they were before.</returns>
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

    /// <summary>From now on everything must be served as it is on disk; where it is not, that job has lost it.</summary>
    public void ExpectAll(int job, IReadOnlyDictionary<string, string> onDisk, TimeSpan at)
    {
        _disk = onDisk;
        _quietSince = at;
        _wholePendingFor = job;
    }

    /// <returns>What is to be told: each job's change once, served or lost.</returns>
    public IReadOnlyList<RunEvent> Observe(ContentSnapshot seen, DisturbedPeriods disturbed)
    {
        var answers = new List<RunEvent>();

        // Latest first: whoever handed paths over is answered after those who took them.
        foreach (var owed in _pending.AsEnumerable().Reverse().ToArray())
        {
            if (owed.Answer(service, seen, IsLate(owed.Since, seen.At, disturbed)) is not { } answer)
                continue;

            answers.Add(answer);
            _pending.Remove(owed);
            var lost = answer as ChangeLost;
            if (lost is not null)
                Lose(owed);
            foreach (var earlier in _pending)
                earlier.SuccessorSettled(owed.Job, lost?.Example);
        }

        answers.Reverse();
        if (_pending.Count == 0 && CheckWhole(seen, disturbed) is { } wholeLoss)
            answers.Add(wholeLoss);
        return answers;
    }

    /// <summary>That the whole is not served as it is on disk is then no news either.</summary>
    private void Lose(PendingChange owed)
    {
        _lostPaths.UnionWith(owed.Paths);
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
        var late = IsLate(_quietSince, seen.At, disturbed);
        if (wrong.Length > 0 && !late)
            return null;

        _wholePendingFor = null;
        var news = wrong.Except(_lostPaths, StringComparer.Ordinal).FirstOrDefault();
        _lostPaths.UnionWith(wrong);
        return news is null ? null : new ChangeLost(seen.At, job, service, seen.At - _quietSince, seen.Describe(news, _disk.GetValueOrDefault(news)));
    }

    /// <summary>Counted from when the folder was last quiet: until then the service may rightly have served what a later job put there for a while.</summary>
    private bool IsLate(TimeSpan since, TimeSpan now, DisturbedPeriods disturbed)
    {
        var quiet = since > _quietSince ? since : _quietSince;
        return !_jobRuns && now - quiet > (disturbed.Touched(service, since, now) ? DisturbedBound : QuietBound);
    }
}
