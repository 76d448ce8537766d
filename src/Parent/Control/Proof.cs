namespace Supervisor.Parent.Control;

/// <summary>Waits for good news that can be believed: a server without a probe says nothing but that it runs, and many a broken one does, for a moment.</summary>
internal sealed class Proof(TreePlan plan, Board board, TimeProvider time)
{
    /// <summary>Long enough for an interpreter to find a syntax error, a missing module or a taken port; short enough to wait for at a prompt.</summary>
    private static readonly TimeSpan Probation = TimeSpan.FromMilliseconds(500);

    /// <summary>What <paramref name="judge"/> says first that is no success of a server on probation.</summary>
    public async Task<IReadOnlyList<ServiceOutcome>> UntilAsync(
        Func<StatusReport, IReadOnlyList<ServiceOutcome>?> judge, CancellationToken cancellationToken)
    {
        var seen = new HashSet<int>();

        while (true)
        {
            var outcomes = await board.UntilAsync(judge, cancellationToken);
            var rest = outcomes.Select(outcome => LeftOfProbation(outcome, seen)).Max();

            if (rest <= TimeSpan.Zero)
                return outcomes;

            // Not by the board: that it stays the same is the proof.
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    // Each process once: a clock that is set back meanwhile must not start its probation again.
    private TimeSpan LeftOfProbation(ServiceOutcome outcome, HashSet<int> seen)
    {
        if (outcome is not { Succeeded: true, Status: { State: ServicePhase.Running, Pid: { } pid, StartedAt: { } startedAt } }
            || plan[outcome.Service].Ready is not null
            || !seen.Add(pid))
            return TimeSpan.Zero;

        var rest = startedAt + Probation - time.GetUtcNow();
        return rest < Probation ? rest : Probation;
    }
}
