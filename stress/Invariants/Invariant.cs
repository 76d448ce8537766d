using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// A condition that must hold through a whole run: a fold over the record. It sees every event in order and nothing else, so a stored record gives the same
/// result. Not thread-safe: one loop feeds it.
/// </summary>
internal interface IInvariant
{
    /// <summary>A short sentence in the present tense: "Unaffected servers keep their pid and generation".</summary>
    string Name { get; }

    void Apply(RunEvent runEvent);

    /// <summary>The result for the events seen so far.</summary>
    InvariantVerdict Verdict { get; }
}

/// <param name="Checks">How often it was checked. Zero at the end of a run means that nothing was proven.</param>
/// <param name="Violated">How many of the checks failed.</param>
/// <param name="Violations">The first hundred violations.</param>
/// <param name="Measured">The measured figures in one line: "at most 117 MB of 128 MB".</param>
/// <param name="NotApplicable">Why there was nothing to check in this run: "nothing was killed"; null: there was.</param>
internal sealed record InvariantVerdict(
    string Name, long Checks, long Violated, IReadOnlyList<Violation> Violations, string Measured, string? NotApplicable = null)
{
    public bool Holds => Violated == 0 && (Checks > 0 || NotApplicable is not null);
}

internal sealed record Violation(TimeSpan At, string What);
