using Supervisor.Stress.Invariants;

namespace Supervisor.Stress.Live;

/// <summary>One violation as it is told when it is new.</summary>
internal sealed record ViolationLine(TimeSpan At, string Invariant, string What);

/// <summary>Tells which violations of a verdict were not in the one before it. Not thread-safe: one view owns it.</summary>
internal sealed class NewViolations
{
    private const int Kept = 32;

    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);
    private readonly LinkedList<ViolationLine> _recent = new();

    /// <summary>The newest first; bounded.</summary>
    public IEnumerable<ViolationLine> Recent => _recent;

    public IReadOnlyList<ViolationLine> Take(IReadOnlyList<InvariantVerdict> verdicts)
    {
        var news = verdicts.SelectMany(TakeOne).OrderBy(line => line.At).ToList();
        foreach (var line in news)
        {
            _recent.AddFirst(line);
            if (_recent.Count > Kept)
                _recent.RemoveLast();
        }

        return news;
    }

    private IEnumerable<ViolationLine> TakeOne(InvariantVerdict verdict)
    {
        var told = _told.GetValueOrDefault(verdict.Name);
        _told[verdict.Name] = verdict.Violations.Count;
        return verdict.Violations.Skip(told).Select(violation => new ViolationLine(violation.At, verdict.Name, violation.What));
    }
}
