namespace Supervisor.Stress.Invariants;

/// <summary>Counts what was checked and keeps the first violations. Not thread-safe: its invariant owns it.</summary>
internal sealed class CheckCounter
{
    /// <summary>A run that goes wrong all night is told by its first violations and their number.</summary>
    private const int MostKept = 100;

    private readonly List<Violation> _violations = [];

    public long Checks { get; private set; }

    public long Violated { get; private set; }

    public void Pass() => Checks++;

    public void PassMany(long times) => Checks += times;

    public void Fail(TimeSpan at, string what)
    {
        Checks++;
        Violated++;

        if (_violations.Count < MostKept)
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
