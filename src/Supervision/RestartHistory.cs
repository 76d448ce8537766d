namespace Supervisor.Supervision;

/// <summary>
/// The failures that still count: an immutable value, owned by whoever supervises. Times are readings of one monotonic clock; with one that
/// goes on through restarts of the reader, a history can be written down and taken up again within the same boot.
/// </summary>
public sealed record RestartHistory
{
    /// <summary>How long ready without a break makes a run a stable one (design, section 8).</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    /// <summary>No more failures than this are remembered; a rule that asks for more is met by as many.</summary>
    public const int MostRemembered = 100;

    /// <summary>Nothing on record: a new service, or one that the user has started by command.</summary>
    public static readonly RestartHistory Empty = new();

    private RestartHistory()
    {
    }

    /// <summary>When the failures happened, oldest first.</summary>
    public IReadOnlyList<TimeSpan> Recent { get; private init; } = [];

    /// <summary>Failures since the last stable run.</summary>
    public int Consecutive { get; private init; }

    /// <summary>Started once more out of a crash loop: the next failure before a stable run leads straight back.</summary>
    public bool OnProbation { get; private init; }

    /// <summary>One that was written down earlier.</summary>
    public static RestartHistory Restore(IEnumerable<TimeSpan> recent, int consecutive, bool onProbation) =>
        new() { Recent = [.. recent.Order().TakeLast(MostRemembered)], Consecutive = Math.Max(0, consecutive), OnProbation = onProbation };

    public RestartHistory WithFailure(TimeSpan at) =>
        this with { Recent = [.. Recent.Append(at).TakeLast(MostRemembered)], Consecutive = Consecutive + 1 };

    /// <summary>
    /// A run that was ready for <see cref="StableAfter"/> ends the backoff. The windows go on counting what was before, except after a
    /// probation, which it has passed.
    /// </summary>
    public RestartHistory AfterStableRun() => OnProbation ? Empty : this with { Consecutive = 0 };

    /// <summary>A relevant file change or a changed spec in a crash loop: one more start, with everything still on record.</summary>
    public RestartHistory Probation() => this with { OnProbation = true };

    /// <summary>To be asked after a failure, with that failure in the history.</summary>
    public bool IsCrashLoop(CrashLoopRule rule, TimeSpan now) =>
        OnProbation
        || CountWithin(rule.Within, now) >= Math.Min(rule.Failures, MostRemembered)
        || CountWithin(CrashLoopRule.LongWithin, now) >= CrashLoopRule.LongFailures;

    public int CountWithin(TimeSpan window, TimeSpan now) => Recent.Count(at => now - at < window);

    public bool Equals(RestartHistory? other) =>
        other is not null && Consecutive == other.Consecutive && OnProbation == other.OnProbation && Recent.SequenceEqual(other.Recent);

    public override int GetHashCode() => HashCode.Combine(Consecutive, OnProbation, Recent.Count);
}
