namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>A part of the run. <paramref name="Until"/> null: it has not ended.</summary>
internal sealed record TimeRange(TimeSpan From, TimeSpan? Until)
{
    public bool Overlaps(TimeRange other) =>
        From <= (other.Until ?? TimeSpan.MaxValue) && other.From <= (Until ?? TimeSpan.MaxValue);

    /// <summary>Wider by so much at both ends: the record tells about them no more exactly.</summary>
    public TimeRange Widen(TimeSpan tolerance) => new(From - tolerance, Until + tolerance);
}
