using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>Feeds a record to all invariants. Not thread-safe: the loop that owns the record feeds it.</summary>
internal sealed class InvariantChecker
{
    private readonly IReadOnlyList<IInvariant> _invariants = InvariantCatalogue.Create();
    private bool _ended;

    /// <summary>The result for the events seen so far.</summary>
    public RunVerdict Verdict => new([.. _invariants.Select(invariant => invariant.Verdict)], _ended);

    public void Apply(RunEvent runEvent)
    {
        foreach (var invariant in _invariants)
            invariant.Apply(runEvent);

        _ended |= runEvent is RunEnded;
    }

    /// <summary>The result for a whole record.</summary>
    public static RunVerdict Check(IEnumerable<RunEvent> record)
    {
        var checker = new InvariantChecker();

        foreach (var runEvent in record)
            checker.Apply(runEvent);

        return checker.Verdict;
    }
}
