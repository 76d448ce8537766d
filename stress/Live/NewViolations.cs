using Supervisor.Stress.Invariants;

namespace Supervisor.Stress.Live;

/// <summary>One violation as the live view prints it.</summary>
internal sealed record ViolationLine(TimeSpan At, string Invariant, string What);

/// <summary>Returns the violations of a verdict that the previous one did not have. Not thread-safe: one view owns it.</summary>
internal sealed class NewViolations
{
    private const int Kept = 32;

    private readonly Dictionary<string, int> _reported = new(StringComparer.Ordinal);
    private readonly LinkedList<ViolationLine> _recent = new();

    /// <summary>The newest first; bounded.</summary>
    public IEnumerable<ViolationLine> Recent => _recent;

    public IReadOnlyList<ViolationLine> Take(IReadOnlyList<InvariantVerdict> verdicts)
    {
        var added = verdicts.SelectMany(TakeOne).OrderBy(line => line.At).ToList();
        foreach (var line in added)
        {
            _recent.AddFirst(line);
            if (_recent.Count > Kept)
                _recent.RemoveLast();
        }

        return added;
    }

    private IEnumerable<ViolationLine> TakeOne(InvariantVerdict verdict)
    {
        var reported = _reported.GetValueOrDefault(verdict.Name);
        _reported[verdict.Name] = verdict.Violations.Count;
        return verdict.Violations.Skip(reported).Select(violation => new ViolationLine(violation.At, verdict.Name, violation.What));
    }
}
