namespace Supervisor.Stress.Invariants;

/// <summary>The result of a run over all invariants; it decides the exit code.</summary>
/// <param name="IsWhole">The record has an end: the search for leftovers took place.</param>
internal sealed record RunVerdict(IReadOnlyList<InvariantVerdict> Verdicts, bool IsWhole)
{
    /// <summary>Every invariant was checked or not applicable, and none was violated.</summary>
    public bool Held => IsWhole && Verdicts.All(verdict => verdict.Holds);

    public long Checks => Verdicts.Sum(verdict => verdict.Checks);

    public long Violated => Verdicts.Sum(verdict => verdict.Violated);

    /// <summary>One line, the worst first.</summary>
    public string Sentence
    {
        get
        {
            if (Violated > 0)
                return $"Violated: {Name(verdict => verdict.Violated > 0)} ({VerdictFormat.Count(Violated)} of {VerdictFormat.Count(Checks)} checks)";

            if (!IsWhole)
                return "Not proven: the record ends before the run does";

            return Held
                ? $"Held: {Verdicts.Count(verdict => verdict.Checks > 0)} invariants, {VerdictFormat.Count(Checks)} checks, none violated"
                : $"Not proven: {Name(verdict => !verdict.Holds)} (nothing to check)";
        }
    }

    private string Name(Func<InvariantVerdict, bool> which) => string.Join("; ", Verdicts.Where(which).Select(verdict => verdict.Name));
}
