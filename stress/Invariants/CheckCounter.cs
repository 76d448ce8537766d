namespace Supervisor.Stress.Invariants;

/// <summary>Counts checks and keeps the first violations. Not thread-safe: its invariant owns it.</summary>
internal sealed class CheckCounter
{
    /// <summary>When a whole run goes wrong, the first violations and their number are enough.</summary>
    private const int MaximumKept = 100;

    private readonly List<Violation> _violations = [];

    public long Checks { get; private set; }

    public long Violated { get; private set; }

    public void Pass() => Checks++;

    public void PassMany(long times) => Checks += times;

    public void Fail(TimeSpan at, string what)
    {
        Checks++;
        Violated++;

        if (_violations.Count < MaximumKept)
            _violations.Add(new Violation(at, what));
    }

    public void Check(bool holds, TimeSpan at, Func<string> what)
    {
        if (holds)
            Pass();
        else
            Fail(at, what());
    }

    public InvariantVerdict Verdict(string name, string measured, string? notApplicable) =>
        new(name, Checks, Violated, [.. _violations], measured, Checks == 0 ? notApplicable : null);
}
