namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ToDrain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToExit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenRecycles = TimeSpan.FromMinutes(10);

    private WatcherSlot Next(WatcherSlot slot, TreeEvent.OfWatcher happened) => (slot.State, happened) switch
    {
        (WatcherState.Absent or WatcherState.Stopped, _) => slot,
        (_, TreeEvent.WatcherExited exited) => Exited(slot, exited.Exit),
        (_, TreeEvent.WatcherSpawned spawned) => slot with { Pid = spawned.Pid },
        (WatcherState.Connecting, TreeEvent.WatcherLinked) => slot with { State = new WatcherState.Up(_at.Now, Pulse(), Suspected: false) },
        (WatcherState.Up up, TreeEvent.WatcherBeat beat) => Heard(slot, up) with { Beat = beat.Beat },
        (_, TreeEvent.WatcherHolds holds) => slot with { Held = holds.Held },
        (WatcherState.Up up, TreeEvent.WatcherAnswered) => Heard(slot, up),
        (not WatcherState.Leaving { Planned: false }, TreeEvent.WatcherSampled sampled) => Sampled(slot with { Sample = sampled.Sample }, sampled.Sample.MemoryBytes),
        (WatcherState.Connecting or WatcherState.Up, TreeEvent.WatcherFailed failed) => Kill(slot, "link", failed.Why),
        _ => slot,
    };

    private WatcherSlot Heard(WatcherSlot slot, WatcherState.Up up) =>
        slot with { State = up with { Pulse = up.Pulse.Beat(_at.Now), Suspected = false } };

    private WatcherSlot Exited(WatcherSlot slot, ExitStatus exit)
    {
        var planned = slot.State is WatcherState.Leaving { Planned: true } || exit.Code == (int)ExitCode.TemporaryFailure;
        var stable = slot.State is WatcherState.Up up && _at.Now - up.Since >= RestartHistory.StableAfter;
        var failures = stable ? slot.Failures.AfterStableRun() : slot.Failures;
        failures = planned ? failures : failures.WithFailure(_at.Now);

        var backoff = new BackoffRule(_plan.Spec.Watcher.Backoff.Initial, _plan.Spec.Watcher.Backoff.Max);
        var tooMany = failures.CountWithin(WatcherRestart.DegradedAfter.Within, _at.Now) >= WatcherRestart.DegradedAfter.Failures;

        return WatcherSlot.Initial with
        {
            State = new WatcherState.Absent(planned ? _at.Now : _at.Now + backoff.DelayAfter(failures.Consecutive - 1, _at.Chance)),
            Epoch = slot.Epoch, Failures = failures, Restarts = slot.Restarts + 1, Degraded = tooMany && !planned,
            RecycledAt = slot.RecycledAt, LastExit = exit,
            Resyncs = slot.Resyncs.Plus(slot.Beat?.Resyncs ?? ResyncCounts.None),
        };
    }

    /// <summary>
    /// The ladder under the memory cap: give memory back, then be replaced in order, then be killed. A kernel that caps is quicker. Only the
    /// kill concerns one that is not up: while it drains, a leak goes on.
    /// </summary>
    private WatcherSlot Sampled(WatcherSlot slot, long memory)
    {
        if (_plan.Spec.Watcher.Limits.MemoryBytes is not { } cap)
            return slot;

        var used = (double)memory / cap;
        slot = slot with { OverCap = used >= 1 ? slot.OverCap + 1 : 0 };

        if (slot.OverCap >= 2)
            return Kill(slot, "memory", $"it held {memory} bytes of memory in two samples; its cap is {cap}");

        if (slot.State is not WatcherState.Up)
            return slot;

        if (used >= 0.8 && IsPast(slot.RecycledAt, BetweenRecycles))
            return Recycle(slot, "recycle", $"it held {memory} bytes of memory; its cap is {cap}");

        if (used < 0.6 || !IsPast(slot.TrimmedAt, BetweenTrims))
            return slot;

        Do(new Effect.TrimWatcher(slot.Epoch));
        return slot with { TrimmedAt = _at.Now };
    }

    private WatcherSlot AdvanceWatcher(WatcherSlot slot)
    {
        slot = TellOfHolds(slot);

        switch (slot.State)
        {
            case WatcherState.Absent when _state.Goal != Goal.Serve:
                return slot with { State = new WatcherState.Stopped() };

            case WatcherState.Absent absent when absent.Due <= _at.Now && _state.Routes is { Applied: { } baseline, Writing: false }:
                _state = _state with { Epoch = _state.Epoch + 1 };
                Do(new Effect.SpawnWatcher(_state.Epoch, baseline, slot.Degraded, HeartbeatRule.ConnectWithin, IsHolding));
                return slot with { Epoch = _state.Epoch, State = new WatcherState.Connecting(), Held = IsHolding };

            case WatcherState.Connecting or WatcherState.Up when _state.Goal != Goal.Serve && _state.HostsAreGone:
                Do(new Effect.StopWatcher(slot.Epoch, ToExit));
                return slot with { State = new WatcherState.Leaving(Planned: true) };

            case WatcherState.Up up when slot.Degraded && _at.Now >= up.Since + WatcherRestart.DegradedRetry:
                return Recycle(slot, "recycle", "it polled for a minute; the next one tries to do without");

            case WatcherState.Up up:
                return Listen(slot, up);

            default:
                return slot;
        }
    }

    private WatcherSlot Listen(WatcherSlot slot, WatcherState.Up up)
    {
        var (verdict, pulse) = up.Pulse.Look(_at.Now);

        if (verdict == HeartbeatVerdict.Hung)
            return Kill(slot, "hung", "its work loop said nothing for 10 s");

        if (verdict == HeartbeatVerdict.Suspect && !up.Suspected)
            Do(new Effect.NudgeWatcher(slot.Epoch));

        return slot with { State = up with { Pulse = pulse, Suspected = verdict == HeartbeatVerdict.Suspect } };
    }

    private WatcherSlot Recycle(WatcherSlot slot, string cause, string why)
    {
        Do(new Effect.DrainWatcher(slot.Epoch, cause, why, ToDrain));
        return slot with { State = new WatcherState.Leaving(Planned: true), RecycledAt = _at.Now };
    }

    private WatcherSlot Kill(WatcherSlot slot, string cause, string why)
    {
        Do(new Effect.KillWatcher(slot.Epoch, cause, why));
        return slot with { State = new WatcherState.Leaving(Planned: false) };
    }

    private bool IsPast(TimeSpan? last, TimeSpan period) => last is null || _at.Now >= last + period;
}
