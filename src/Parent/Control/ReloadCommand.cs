namespace Supervisor.Parent.Control;

/// <summary>Reads the configuration file again, as at the start of the tree, and replaces the plan by the new one. Thread-safe.</summary>
internal sealed class ReloadCommand(TreeLoop loop, Board board, OutcomeWaiter waiter)
{
    /// <exception cref="LocalRpcException">The file has mistakes, or the tree is stopping: nothing was changed.</exception>
    public async Task<ReloadAnswer> RunAsync(bool preview, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (before, plan) = (board.Report, board.Plan);
            var next = await Task.Run(plan.Reread, cancellationToken);
            var difference = PlanDifference.Between(plan.Spec, next.Spec);

            if (preview)
                return new ReloadAnswer(difference, []);

            await loop.PostAndWaitAsync(new TreeEvent.PlanReplaced(plan, next));

            if (board.Plan == next)
                return new ReloadAnswer(difference, await AppliedAsync(before, next, difference, cancellationToken));

            if (board.Plan == plan)
                throw ErrorCode.Error(ErrorCode.NotNow, "the tree is stopping");

            // Another reload came first, and may have read an older file: what is read last must be applied last.
        }
    }

    private async Task<IReadOnlyList<ServiceOutcome>> AppliedAsync(StatusReport before, TreePlan plan, ConfigurationDifference difference, CancellationToken cancellationToken)
    {
        // A later reload replaces this one; then nothing is left to wait for.
        await board.UntilAsync(
            report => board.Plan != plan || (board.IsWatching(plan) && report.Services.All(status => plan.Knows(status.Name))) ? report : null, cancellationToken);
        var started = plan.StartedBy(difference, before);
        return await waiter.UntilAsync((report, _) => OutcomeRules.All(started.Select(service => OutcomeRules.Up(service, plan, report))), cancellationToken);
    }
}
