namespace Supervisor.Supervision;

/// <summary>
/// The failures that still count: an immutable value, owned by the supervisor of the child. All times are from one monotonic clock. If that clock
/// continues through restarts of the reader, a history can be stored and restored within the same boot.
/// </summary>
public sealed record RestartHistory
{
    /// <summary>How long a run must be ready without a break to be stable (design, section 8).</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    /// <summary>The most failures that are kept; a rule that asks for more is met by this many.</summary>
    public const int MaxFailures = 100;

    /// <summary>No failures: a new service, or one that the user has started by command.</summary>
    public static readonly RestartHistory Empty = new();

    private RestartHistory()
    {
    }

    /// <summary>When the failures happened, oldest first.</summary>
    public IReadOnlyList<TimeSpan> Recent { get; private init; } = [];

    /// <summary>Failures since the last stable run.</summary>
    public int Consecutive { get; private init; }

    /// <summary>This is the one start out of a crash loop: a failure before a stable run leads back to it.</summary>
    public bool OnProbation { get; private init; }

    /// <summary>Restores a stored history.</summary>
    public static RestartHistory Restore(IEnumerable<TimeSpan> recent, int consecutive, bool onProbation) =>
        new() { Recent = [.. recent.Order().TakeLast(MaxFailures)], Consecutive = Math.Max(0, consecutive), OnProbation = onProbation };

    public RestartHistory WithFailure(TimeSpan at) =>
        this with { Recent = [.. Recent.Append(at).TakeLast(MaxFailures)], Consecutive = Consecutive + 1 };

    /// <summary>
    /// A run that was ready for <see cref="StableAfter"/> resets the backoff. Earlier failures still count in the windows, except after a probation, which
    /// the run has passed.
    /// </summary>
    public RestartHistory AfterStableRun() => OnProbation ? Empty : this with { Consecutive = 0 };

    /// <summary>A relevant file change or a changed spec allows one start out of a crash loop; all failures still count.</summary>
    public RestartHistory Probation() => this with { OnProbation = true };

    /// <summary>Call after a failure, with that failure in the history.</summary>
    public bool IsCrashLoop(CrashLoopRule rule, TimeSpan now) =>
        OnProbation
        || CountWithin(rule.Within, now) >= Math.Min(rule.Failures, MaxFailures)
        || CountWithin(CrashLoopRule.LongWithin, now) >= CrashLoopRule.LongFailures;

    public int CountWithin(TimeSpan window, TimeSpan now) => Recent.Count(at => now - at < window);

    public bool Equals(RestartHistory? other) =>
        other is not null && Consecutive == other.Consecutive && OnProbation == other.OnProbation && Recent.SequenceEqual(other.Recent);

    public override int GetHashCode() => HashCode.Combine(Consecutive, OnProbation, Recent.Count);
}
