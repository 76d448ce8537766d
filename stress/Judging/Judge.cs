using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>Feeds a record to all invariants. Not thread-safe: the loop that owns the record feeds it.</summary>
internal sealed class Judge
{
    private readonly IReadOnlyList<IInvariant> _invariants = Invariants.ForRun();
    private bool _ended;

    /// <summary>As far as the record has been seen.</summary>
    public Judgement Judgement => new([.. _invariants.Select(invariant => invariant.Verdict)], _ended);

    public void See(RunEvent happened)
    {
        foreach (var invariant in _invariants)
            invariant.See(happened);

        _ended |= happened is RunEnded;
    }

    /// <summary>Of a whole record.</summary>
    public static Judgement Of(IEnumerable<RunEvent> record)
    {
        var judge = new Judge();

        foreach (var happened in record)
            judge.See(happened);

        return judge.Judgement;
    }
}
