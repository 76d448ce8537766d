namespace Supervisor.Parent.Control;

/// <summary>Waits for outcomes that last. A server without a probe counts as up as soon as it runs, and a broken one may run for a moment.</summary>
internal sealed class OutcomeWaiter(Board board, TimeProvider time)
{
    /// <summary>Long enough for an interpreter to find a syntax error, a missing module or a taken port; short enough to wait for at a prompt.</summary>
    private static readonly TimeSpan MinReadyTime = TimeSpan.FromMilliseconds(500);

    /// <summary>The first result of <paramref name="judge"/> in which each server without a probe has run for <see cref="MinReadyTime"/>.</summary>
    public async Task<IReadOnlyList<ServiceOutcome>> UntilAsync(
        Func<StatusReport, TreeState, IReadOnlyList<ServiceOutcome>?> judge, CancellationToken cancellationToken)
    {
        var seen = new HashSet<int>();

        while (true)
        {
            var outcomes = await board.UntilAsync(judge, cancellationToken);
            var rest = outcomes.Select(outcome => RemainingReadyTime(outcome, seen)).Append(TimeSpan.Zero).Max();

            if (rest <= TimeSpan.Zero)
                return outcomes;

            // Not a wait for the board: a server that keeps running does not change it.
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    // Each process waits once: a clock that is set back must not start the wait again.
    private TimeSpan RemainingReadyTime(ServiceOutcome outcome, HashSet<int> seen)
    {
        if (outcome is not { Succeeded: true, Status: { State: ServicePhase.Running, Pid: { } pid, StartedAt: { } startedAt } }
            || board.Plan.Find(outcome.Service)?.Ready is not null
            || !seen.Add(pid))
            return TimeSpan.Zero;

        var rest = startedAt + MinReadyTime - time.GetUtcNow();
        return rest < MinReadyTime ? rest : MinReadyTime;
    }
}
