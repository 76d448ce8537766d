using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>The paths that one job changed in one service, until they are served. Owned by <see cref="PendingChanges"/>.</summary>
/// <param name="wanted">The hash of each path; null: deleted.</param>
internal sealed class PendingChange(int job, TimeSpan since, Dictionary<string, string?> wanted)
{
    /// <summary>Later jobs that took over paths of this one and are not yet settled.</summary>
    private readonly HashSet<int> _successors = [];
    private string? _successorLoss;

    public int Job => job;

    public TimeSpan Since => since;

    public IReadOnlyCollection<string> Paths => wanted.Keys;

    public void Supersede(IEnumerable<string> changed, int successor)
    {
        foreach (var path in changed)
        {
            if (wanted.Remove(path))
                _successors.Add(successor);
        }
    }

    /// <param name="lost">The example of the loss; null: served.</param>
    public void SuccessorSettled(int successor, string? lost)
    {
        if (_successors.Remove(successor))
            _successorLoss ??= lost;
    }

    /// <summary>null: still pending.</summary>
    public RunEvent? Decide(string service, ContentSnapshot seen, bool isOverdue)
    {
        // Its remaining paths decide; without any, its successors do.
        if (wanted.Count == 0)
            return _successors.Count > 0 ? null : _successorLoss is { } lost ? Lost(lost) : Served();
        if (wanted.All(path => seen.Agrees(path.Key, path.Value)))
            return Served();
        if (!isOverdue)
            return null;

        var example = wanted.OrderBy(path => path.Key, StringComparer.Ordinal).First(path => !seen.Agrees(path.Key, path.Value));
        return Lost(seen.Describe(example.Key, example.Value));

        ChangeServed Served() => new(seen.At, job, service, Waited());
        ChangeLost Lost(string how) => new(seen.At, job, service, Waited(), how);

        // A read may have started before the job ended and still show the change.
        TimeSpan Waited() => seen.At > since ? seen.At - since : TimeSpan.Zero;
    }
}
