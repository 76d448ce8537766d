using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>The paths that one job changed in one service, as it left them, until they are seen served. Owned by <see cref="PendingChanges"/>.</summary>
/// <param name="wanted">Hash of each path; null: it was deleted.</param>
internal sealed class PendingChange(int job, TimeSpan since, Dictionary<string, string?> wanted)
{
    /// <summary>Later jobs that took paths of this one over and are not yet answered.</summary>
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

    /// <param name="lost">With which example; null: it was served.</param>
    public void SuccessorSettled(int successor, string? lost)
    {
        if (_successors.Remove(successor))
            _successorLoss ??= lost;
    }

    /// <summary>null: still owed.</summary>
    public RunEvent? Answer(string service, ContentSnapshot seen, bool isLate)
    {
        // Whatever is left of its own decides; without any, its heirs do.
        if (wanted.Count == 0)
            return _successors.Count > 0 ? null : _successorLoss is { } lost ? Lost(lost) : Served();
        if (wanted.All(path => seen.Agrees(path.Key, path.Value)))
            return Served();
        if (!isLate)
            return null;

        var example = wanted.OrderBy(path => path.Key, StringComparer.Ordinal).First(path => !seen.Agrees(path.Key, path.Value));
        return Lost(seen.Describe(example.Key, example.Value));

        ChangeServed Served() => new(seen.At, job, service, Waited());
        ChangeLost Lost(string how) => new(seen.At, job, service, Waited(), how);

        // A look may have been under way when the job ended, and show it all the same.
        TimeSpan Waited() => seen.At > since ? seen.At - since : TimeSpan.Zero;
    }
}
