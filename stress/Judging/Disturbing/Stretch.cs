namespace Supervisor.Stress.Judging.Disturbing;

/// <summary>A part of the run. <paramref name="Until"/> null: it has not ended.</summary>
internal sealed record Stretch(TimeSpan From, TimeSpan? Until)
{
    public bool Overlaps(Stretch other) =>
        From <= (other.Until ?? TimeSpan.MaxValue) && other.From <= (Until ?? TimeSpan.MaxValue);

    /// <summary>Wider by so much at both ends: the record tells about them no more exactly.</summary>
    public Stretch Give(TimeSpan tolerance) => new(From - tolerance, Until + tolerance);
}
