namespace Supervisor.Stress.Invariants;

/// <summary>The verdict on a run: what a person reads over coffee, and what the exit code says.</summary>
/// <param name="IsWhole">The record came to its end: everything was looked for that may have been left behind.</param>
internal sealed record RunVerdict(IReadOnlyList<InvariantVerdict> Verdicts, bool IsWhole)
{
    /// <summary>Every invariant was looked at, or had nothing to look at in such a run, and none was violated.</summary>
    public bool Held => IsWhole && Verdicts.All(verdict => verdict.Holds);

    public long Checks => Verdicts.Sum(verdict => verdict.Checks);

    public long Violated => Verdicts.Sum(verdict => verdict.Violated);

    /// <summary>In one line, the worst first.</summary>
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
                : $"Not proven: {Name(verdict => !verdict.Holds)} (nothing was there to look at)";
        }
    }

    private string Name(Func<InvariantVerdict, bool> which) => string.Join("; ", Verdicts.Where(which).Select(verdict => verdict.Name));
}
