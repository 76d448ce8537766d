namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>A period of the run. <paramref name="Until"/> null: it has not ended.</summary>
internal sealed record TimeRange(TimeSpan From, TimeSpan? Until)
{
    public bool Overlaps(TimeRange other) =>
        From <= (other.Until ?? TimeSpan.MaxValue) && other.From <= (Until ?? TimeSpan.MaxValue);

    /// <summary>The range extended by the tolerance at both ends, for times that the record knows only roughly.</summary>
    public TimeRange Widen(TimeSpan tolerance) => new(From - tolerance, Until + tolerance);
}
