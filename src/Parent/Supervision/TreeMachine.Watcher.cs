namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2);

    private WatcherSlot Next(WatcherSlot slot, TreeEvent.OfWatcher happened) => (slot.State, happened) switch
    {
        (WatcherState.Absent or WatcherState.Stopped, _) => slot,
        (_, TreeEvent.WatcherExited exited) => Exited(slot, exited.Exit, exited.Why),
        (_, TreeEvent.WatcherSpawned spawned) => slot with { Pid = spawned.Pid },
        (WatcherState.Connecting, TreeEvent.WatcherLinked) => slot with { State = new WatcherState.Up(_at.Now, NewLiveness(), Suspected: false) },
        (WatcherState.Up up, TreeEvent.WatcherHeartbeat beat) => WithHeartbeat(slot, up) with { Heartbeat = beat.Heartbeat },
        (_, TreeEvent.WatcherHoldApplied holds) => slot with { Held = holds.Held },
        (WatcherState.Up up, TreeEvent.WatcherAnswered) => WithHeartbeat(slot, up),
        (not WatcherState.Stopping { Planned: false }, TreeEvent.WatcherSampled sampled) => Sampled(slot, sampled.Sample),
        (WatcherState.Connecting or WatcherState.Up, TreeEvent.WatcherFailed failed) => Kill(slot, "link", failed.Why),
        _ => slot,
    };

    private WatcherSlot WithHeartbeat(WatcherSlot slot, WatcherState.Up up) =>
        slot with { State = up with { Liveness = up.Liveness.Beat(_at.Now), Suspected = false } };

    private WatcherSlot Exited(WatcherSlot slot, ExitStatus exit, string? why)
    {
        var planned = slot.State is WatcherState.Stopping { Planned: true } || exit.Code == (int)ExitCode.TemporaryFailure;
        var stable = slot.State is WatcherState.Up up && _at.Now - up.Since >= RestartHistory.StableAfter;
        var failures = stable ? slot.Failures.AfterStableRun() : slot.Failures;
        failures = planned ? failures : failures.WithFailure(_at.Now);

        var backoff = new BackoffRule(Plan.Spec.Watcher.Backoff.Initial, Plan.Spec.Watcher.Backoff.Max);
        var tooMany = failures.CountWithin(WatcherRestart.DegradedAfter.Within, _at.Now) >= WatcherRestart.DegradedAfter.Failures;

        return WatcherSlot.Initial with
        {
            State = new WatcherState.Absent(planned ? _at.Now : _at.Now + backoff.DelayAfter(failures.Consecutive - 1, _at.Chance)),
            Epoch = slot.Epoch, GroupIndex = slot.GroupIndex, Failures = failures, Restarts = slot.Restarts + 1, Degraded = tooMany && !planned,
            RecycledAt = slot.RecycledAt, LastExit = exit, LastExitReason = why,
            Resyncs = slot.Resyncs.Plus(slot.Heartbeat?.Resyncs ?? ResyncCounts.None),
        };
    }

    /// <summary>A watcher that is not up can only be killed: while it drains, a leak continues.</summary>
    private WatcherSlot Sampled(WatcherSlot slot, WatcherSample sample)
    {
        var limits = Plan.Spec.Watcher.Limits;
        var (share, cores) = ((double)sample.MemoryBytes / limits.MemoryBytes, sample.CpuPercent / 100 / limits.Cores);
        var (step, ladder) = slot.Ladder.Sampled(share, cores, slot.Heartbeat is { Phase: WatcherPhase.Watching }, _state.Replacement is null && HasPassed(slot.RecycledAt, RecycleInterval), _at.Now);
        var why = WatcherCaps.Usage(sample.MemoryBytes, limits.MemoryBytes, sample.CpuPercent, limits.Cores);
        slot = slot with { Sample = sample, Ladder = ladder };

        return (step, slot.State) switch
        {
            (LadderStep.Kill, _) => Kill(slot, "memory", why + ", in two samples"),
            (_, not WatcherState.Up) => slot,
            (LadderStep.RecycleForMemory, _) => Replace(slot, "recycle", why),
            (LadderStep.RecycleForCpu, _) => Replace(slot, "cpu", why + $", for {UsageLadder.SpinningAfter.TotalSeconds:0} s"),
            (LadderStep.BeginTrimming, _) => Begin(slot, new Effect.TrimWatcher(slot.Epoch), new Effect.RecordWatcherEvent(slot.Epoch, slot.Pid, "trimmed", "memory", why)),
            (LadderStep.TrimAgain, _) => Begin(slot, new Effect.TrimWatcher(slot.Epoch)),
            (LadderStep.BeginThrottling, _) => Begin(slot, new Effect.RecordWatcherEvent(slot.Epoch, slot.Pid, "throttled", "cpu", why)),
            _ => slot,
        };
    }

    private WatcherSlot ReconcileWatcher(WatcherSlot slot) => ReconcileHold(slot) switch
    {
        { State: WatcherState.Absent } gone when _state.Goal != Goal.Serve => gone with { State = new WatcherState.Stopped() },
        { State: WatcherState.Absent } gone when _state.Replacement is { Standby.State: not WatcherState.Stopping } replacement => TakeOver(gone, replacement),
        { State: WatcherState.Absent { Due: var due } } gone when due <= _at.Now && _state.Routes is { Applied: { } baseline, Writing: false } =>
            Spawn(gone, baseline, standby: false),
        { State: WatcherState.Connecting or WatcherState.Up } last when _state.Goal != Goal.Serve && _state.HostsAreGone => Stop(last),
        { State: WatcherState.Up } old when _state.Replacement is { IsReady: true } replacement => Drain(old, replacement),
        { State: WatcherState.Up up, Degraded: true } old when HasPassed(up.Since, WatcherRestart.DegradedRetry) && HasPassed(old.RecycledAt, WatcherRestart.DegradedRetry) =>
            CheckHeartbeat(Replace(old, "recycle", "it polled for a minute; the next one tries without polling"), up),
        { State: WatcherState.Up up } old when old.Rules != Plan.WatchHash => CheckHeartbeat(Replace(old, "config", "the configuration changed"), up),
        { State: WatcherState.Up up } old => CheckHeartbeat(old, up),
        var other => other,
    };

    private WatcherSlot CheckHeartbeat(WatcherSlot slot, WatcherState.Up up)
    {
        var (verdict, liveness) = up.Liveness.Check(_at.Now);

        if (verdict == HeartbeatVerdict.Hung)
            return Kill(slot, "hung", "its work loop was silent for 10 s");

        if (verdict == HeartbeatVerdict.Suspect && !up.Suspected)
            Do(new Effect.PingWatcher(slot.Epoch));

        return slot with { State = up with { Liveness = liveness, Suspected = verdict == HeartbeatVerdict.Suspect } };
    }

    private WatcherSlot Spawn(WatcherSlot slot, WatchBaseline baseline, bool standby)
    {
        _state = _state with { Epoch = _state.Epoch + 1 };
        return Begin(
            slot with { Epoch = _state.Epoch, State = new WatcherState.Connecting(), Held = IsHolding, Rules = Plan.WatchHash },
            new Effect.SpawnWatcher(_state.Epoch, baseline, slot.Degraded, HeartbeatRule.ConnectWithin, IsHolding, slot.GroupIndex, standby));
    }

    private WatcherSlot Stop(WatcherSlot slot) =>
        Begin(slot with { State = new WatcherState.Stopping(Planned: true) }, new Effect.StopWatcher(slot.Epoch, ExitTimeout));

    private WatcherSlot Kill(WatcherSlot slot, string cause, string why) =>
        Begin(slot with { State = new WatcherState.Stopping(Planned: false) }, new Effect.KillWatcher(slot.Epoch, cause, why));

    private WatcherSlot Begin(WatcherSlot slot, params Effect[] effects)
    {
        _effects.AddRange(effects);
        return slot;
    }
}
