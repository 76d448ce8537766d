using System.Threading.Channels;

namespace Supervisor.Parent.Supervision;

/// <summary>Owns the tree's state: takes one event at a time, lets <see cref="TreeMachine"/> decide, updates the board and begins the effects.</summary>
internal sealed class TreeLoop(TreeState initial, Board board, TimeProvider time)
{
    // Full means the loop is stuck, not busy: a step takes microseconds. Senders then wait, which slows the watcher down, which coalesces
    // more. Nothing is dropped.
    private readonly Channel<Posted> _mailbox = Channel.CreateBounded<Posted>(new BoundedChannelOptions(256) { SingleReader = true });

    public Task PostAsync(TreeEvent happened) => WriteAsync(new Posted(happened, null));

    /// <summary>Completes once the event is handled and the board shows its result.</summary>
    public async Task PostAndWaitAsync(TreeEvent happened)
    {
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        if (await WriteAsync(new Posted(happened, decided)))
            await decided.Task;
    }

    /// <summary>Returns once the tree has stopped and all its processes have ended.</summary>
    /// <param name="begin">Never blocks and never fails; outcomes come back as events.</param>
    /// <param name="beats">Those of the hosts since its last call. Any thread.</param>
    public async Task RunAsync(Action<Effect> begin, Func<IReadOnlyList<TreeEvent.HostBeat>> beats)
    {
        TimerCallback elapsed = _ => _mailbox.Writer.TryWrite(new Posted(new TreeEvent.TimerElapsed(beats()), null));
        await using var alarm = time.CreateTimer(elapsed, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var checks = time.CreateTimer(elapsed, null, CommonMoments.UntilNext(HeartbeatRule.CheckInterval, time), HeartbeatRule.CheckInterval);

        for (var state = Step(initial, new Posted(new TreeEvent.TimerElapsed(), null), begin); !state.IsOver;)
        {
            var now = time.GetElapsedTime(0);
            alarm.Change(TreeMachine.NextDue(state, now) - now ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            state = Step(state, await _mailbox.Reader.ReadAsync(CancellationToken.None), begin);
        }

        _mailbox.Writer.Complete();

        while (_mailbox.Reader.TryRead(out var left))
            left.Decided?.TrySetResult();
    }

    private TreeState Step(TreeState state, Posted posted, Action<Effect> begin)
    {
        var now = time.GetElapsedTime(0);
        var (next, effects) = TreeMachine.Step(state, posted.Happened, new StepContext(now, Random.Shared.NextDouble()));

        board.Show(next);

        foreach (var effect in effects)
            begin(effect);

        posted.Decided?.TrySetResult();
        return next;
    }

    private async Task<bool> WriteAsync(Posted posted)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(posted, CancellationToken.None);
            return true;
        }
        catch (ChannelClosedException)
        {
            // The tree has ended: the event has no effect any more.
            return false;
        }
    }

    private readonly record struct Posted(TreeEvent Happened, TaskCompletionSource? Decided);
}
