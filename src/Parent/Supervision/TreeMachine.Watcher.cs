namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ToExit = TimeSpan.FromSeconds(2);

    private WatcherSlot Next(WatcherSlot slot, TreeEvent.OfWatcher happened) => (slot.State, happened) switch
    {
        (WatcherState.Absent or WatcherState.Stopped, _) => slot,
        (_, TreeEvent.WatcherExited exited) => Exited(slot, exited.Exit),
        (_, TreeEvent.WatcherSpawned spawned) => slot with { Pid = spawned.Pid },
        (WatcherState.Connecting, TreeEvent.WatcherLinked) => slot with { State = new WatcherState.Up(_at.Now, Pulse(), Suspected: false) },
        (WatcherState.Up up, TreeEvent.WatcherBeat beat) => Heard(slot, up) with { Beat = beat.Beat },
        (_, TreeEvent.WatcherHolds holds) => slot with { Held = holds.Held },
        (WatcherState.Up up, TreeEvent.WatcherAnswered) => Heard(slot, up),
        (not WatcherState.Leaving { Planned: false }, TreeEvent.WatcherSampled sampled) => Sampled(slot, sampled.Sample),
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
            Epoch = slot.Epoch, Berth = slot.Berth, Failures = failures, Restarts = slot.Restarts + 1, Degraded = tooMany && !planned,
            RecycledAt = slot.RecycledAt, LastExit = exit,
            Resyncs = slot.Resyncs.Plus(slot.Beat?.Resyncs ?? ResyncCounts.None),
        };
    }

    /// <summary>Only the kill concerns one that is not up: while it drains, a leak goes on.</summary>
    private WatcherSlot Sampled(WatcherSlot slot, WatcherSample sample)
    {
        var limits = _plan.Spec.Watcher.Limits;
        var (share, cores) = ((double)sample.MemoryBytes / limits.MemoryBytes, sample.CpuPercent / 100 / limits.Cores);
        var (step, ladder) = slot.Ladder.Sampled(share, cores, slot.Beat is { Phase: WatcherPhase.Watching }, _state.Relief is null && IsPast(slot.RecycledAt, BetweenRecycles), _at.Now);
        var why = FormattableString.Invariant($"it held {sample.MemoryBytes} bytes of memory, {share:0 %} of its cap, and worked {sample.CpuPercent:0.#} % of a core, {cores:0 %} of its cap");
        slot = slot with { Sample = sample, Ladder = ladder };

        return (step, slot.State) switch
        {
            (LadderStep.Kill, _) => Kill(slot, "memory", why + ", in two samples"),
            (_, not WatcherState.Up) => slot,
            (LadderStep.RecycleForMemory, _) => Relieve(slot, "recycle", why),
            (LadderStep.RecycleForCpu, _) => Relieve(slot, "cpu", why + $", for {UsageLadder.SpinningAfter.TotalSeconds:0} s"),
            (LadderStep.BeginTrimming, _) => Begin(slot, new Effect.TrimWatcher(slot.Epoch), new Effect.NoteWatcher(slot.Epoch, slot.Pid, "trimmed", "memory", why)),
            (LadderStep.TrimAgain, _) => Begin(slot, new Effect.TrimWatcher(slot.Epoch)),
            (LadderStep.BeginThrottling, _) => Begin(slot, new Effect.NoteWatcher(slot.Epoch, slot.Pid, "throttled", "cpu", why)),
            _ => slot,
        };
    }

    private WatcherSlot AdvanceWatcher(WatcherSlot slot) => TellOfHolds(slot) switch
    {
        { State: WatcherState.Absent } gone when _state.Goal != Goal.Serve => gone with { State = new WatcherState.Stopped() },
        { State: WatcherState.Absent } gone when _state.Relief is { Standby.State: not WatcherState.Leaving } relief => TakeOver(gone, relief),
        { State: WatcherState.Absent { Due: var due } } gone when due <= _at.Now && _state.Routes is { Applied: { } baseline, Writing: false } =>
            Spawn(gone, baseline, standby: false),
        { State: WatcherState.Connecting or WatcherState.Up } last when _state.Goal != Goal.Serve && _state.HostsAreGone => Stop(last),
        { State: WatcherState.Up } old when _state.Relief is { IsArmed: true } relief => Drain(old, relief),
        { State: WatcherState.Up up, Degraded: true } old when IsPast(up.Since, WatcherRestart.DegradedRetry) && IsPast(old.RecycledAt, WatcherRestart.DegradedRetry) =>
            Listen(Relieve(old, "recycle", "it polled for a minute; the next one tries to do without"), up),
        { State: WatcherState.Up up } old => Listen(old, up),
        var other => other,
    };

    private WatcherSlot Listen(WatcherSlot slot, WatcherState.Up up)
    {
        var (verdict, pulse) = up.Pulse.Check(_at.Now);

        if (verdict == HeartbeatVerdict.Hung)
            return Kill(slot, "hung", "its work loop said nothing for 10 s");

        if (verdict == HeartbeatVerdict.Suspect && !up.Suspected)
            Do(new Effect.NudgeWatcher(slot.Epoch));

        return slot with { State = up with { Pulse = pulse, Suspected = verdict == HeartbeatVerdict.Suspect } };
    }

    private WatcherSlot Spawn(WatcherSlot slot, WatchBaseline baseline, bool standby)
    {
        _state = _state with { Epoch = _state.Epoch + 1 };
        return Begin(
            slot with { Epoch = _state.Epoch, State = new WatcherState.Connecting(), Held = IsHolding },
            new Effect.SpawnWatcher(_state.Epoch, baseline, slot.Degraded, HeartbeatRule.ConnectWithin, IsHolding, slot.Berth, standby));
    }

    private WatcherSlot Stop(WatcherSlot slot) =>
        Begin(slot with { State = new WatcherState.Leaving(Planned: true) }, new Effect.StopWatcher(slot.Epoch, ToExit));

    private WatcherSlot Kill(WatcherSlot slot, string cause, string why) =>
        Begin(slot with { State = new WatcherState.Leaving(Planned: false) }, new Effect.KillWatcher(slot.Epoch, cause, why));

    private WatcherSlot Begin(WatcherSlot slot, params Effect[] effects)
    {
        _effects.AddRange(effects);
        return slot;
    }
}
