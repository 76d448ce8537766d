using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// Something that must hold through a whole run: a fold over the record. It sees every event in order and decides from nothing
/// else, so a stored record gives the same verdict. Not thread-safe: one loop feeds it.
/// </summary>
internal interface IInvariant
{
    /// <summary>A short sentence in the present tense: "Unaffected servers keep their pid and generation".</summary>
    string Name { get; }

    void Apply(RunEvent runEvent);

    /// <summary>As far as the record has been seen.</summary>
    InvariantVerdict Verdict { get; }
}

/// <param name="Checks">How many times it was looked at. Zero at the end of a run means that nothing was proven.</param>
/// <param name="Violated">How many of the checks failed.</param>
/// <param name="Violations">The first hundred of them.</param>
/// <param name="Measured">The figures behind it in one line: "at most 117 MB of 128 MB".</param>
/// <param name="NotApplicable">Why this run had nothing to look at: "nothing was killed"; null: it had.</param>
internal sealed record InvariantVerdict(
    string Name, long Checks, long Violated, IReadOnlyList<Violation> Violations, string Measured, string? NotApplicable = null)
{
    public bool Holds => Violated == 0 && (Checks > 0 || NotApplicable is not null);
}

internal sealed record Violation(TimeSpan At, string What);
