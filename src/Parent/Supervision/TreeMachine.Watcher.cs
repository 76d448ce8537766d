namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ToDrain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToExit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenRecycles = TimeSpan.FromMinutes(10);

    private WatcherSlot Watcher
    {
        get => _state.Watcher;
        set => _state = _state with { Watcher = value };
    }

    private void Enter(TreeEvent.OfWatcher happened)
    {
        switch (Watcher.State, happened)
        {
            case (WatcherState.Absent or WatcherState.Stopped, _):
                break;

            case (_, TreeEvent.WatcherExited exited):
                Enter(exited);
                break;

            case (_, TreeEvent.WatcherSpawned spawned):
                Watcher = Watcher with { Pid = spawned.Pid };
                break;

            case (WatcherState.Connecting, TreeEvent.WatcherLinked):
                Watcher = Watcher with { State = new WatcherState.Up(_at.Now, Pulse(), Suspected: false) };
                break;

            case (WatcherState.Up up, TreeEvent.WatcherBeat beat):
                Watcher = Watcher with { State = up with { Pulse = up.Pulse.Beat(_at.Now), Suspected = false }, Beat = beat.Beat };
                break;

            case (WatcherState.Up up, TreeEvent.WatcherAnswered):
                Watcher = Watcher with { State = up with { Pulse = up.Pulse.Beat(_at.Now), Suspected = false } };
                break;

            case (WatcherState.Connecting or WatcherState.Up, TreeEvent.WatcherFailed failed):
                KillWatcher(failed.Why);
                break;

            case (WatcherState.Up, TreeEvent.WatcherSampled sampled):
                Enter(sampled.Sample);
                break;

            case (_, TreeEvent.BatchArrived arrived):
                Enter(arrived);
                break;
        }
    }

    private void Enter(TreeEvent.WatcherExited exited)
    {
        var planned = Watcher.State is WatcherState.Leaving { Planned: true } || exited.Exit.Code == (int)ExitCode.TemporaryFailure;
        var stable = Watcher.State is WatcherState.Up up && _at.Now - up.Since >= RestartHistory.StableAfter;
        var failures = stable ? Watcher.Failures.AfterStableRun() : Watcher.Failures;
        failures = planned ? failures : failures.WithFailure(_at.Now);

        var backoff = new BackoffRule(_plan.Spec.Watcher.Backoff.Initial, _plan.Spec.Watcher.Backoff.Max);
        var degraded = failures.CountWithin(WatcherRestart.DegradedAfter.Within, _at.Now) >= WatcherRestart.DegradedAfter.Failures;

        Watcher = Watcher with
        {
            State = new WatcherState.Absent(planned ? _at.Now : _at.Now + backoff.DelayAfter(failures.Consecutive - 1, _at.Chance)),
            Degraded = degraded && !planned,
            Pid = null, Beat = null, Sample = null, OverCap = 0, TrimmedAt = null,
            Failures = failures, Restarts = Watcher.Restarts + 1, LastExit = exited.Exit,
        };

        DropInFlight();
    }

    /// <summary>The ladder under the memory cap: give memory back, then be replaced in order, then be killed. A kernel that caps is quicker.</summary>
    private void Enter(WatcherSample sample)
    {
        Watcher = Watcher with { Sample = sample };

        if (_plan.Spec.Watcher.Limits.MemoryBytes is not { } cap)
            return;

        var used = (double)sample.MemoryBytes / cap;
        Watcher = Watcher with { OverCap = used >= 1 ? Watcher.OverCap + 1 : 0 };

        if (Watcher.OverCap >= 2)
            KillWatcher($"it held {sample.MemoryBytes} bytes of memory in two samples; its cap is {cap}");
        else if (used >= 0.8 && IsPast(Watcher.RecycledAt, BetweenRecycles))
            Recycle();
        else if (used >= 0.6 && IsPast(Watcher.TrimmedAt, BetweenTrims))
        {
            Do(new Effect.TrimWatcher(Watcher.Epoch));
            Watcher = Watcher with { TrimmedAt = _at.Now };
        }
    }

    private void EnterWatcherRestart()
    {
        if (Watcher.State is WatcherState.Up)
            Recycle();
        else if (Watcher.State is WatcherState.Absent)
            Watcher = Watcher with { State = new WatcherState.Absent(_at.Now), Degraded = false };
    }

    private void AdvanceWatcher()
    {
        var hostsAreGone = _state.Goal != Goal.Serve && _state.Hosts.Values.All(slot => slot.State is HostState.Absent);

        switch (Watcher.State)
        {
            case WatcherState.Absent when _state.Goal != Goal.Serve:
                Watcher = Watcher with { State = new WatcherState.Stopped() };
                break;

            case WatcherState.Absent absent when absent.Due <= _at.Now && _state.Routes is { Applied: { } baseline, Writing: false }:
                var epoch = _state.Epoch + 1;
                Do(new Effect.SpawnWatcher(epoch, baseline, Watcher.Degraded, HeartbeatRule.ConnectWithin));
                _state = _state with { Epoch = epoch, Watcher = Watcher with { Epoch = epoch, State = new WatcherState.Connecting() } };
                break;

            case WatcherState.Connecting or WatcherState.Up when hostsAreGone:
                Do(new Effect.StopWatcher(Watcher.Epoch, ToExit));
                Watcher = Watcher with { State = new WatcherState.Leaving(Planned: true) };
                break;

            case WatcherState.Up up:
                AdvanceUp(up);
                break;
        }
    }

    private void AdvanceUp(WatcherState.Up up)
    {
        var (verdict, pulse) = up.Pulse.Look(_at.Now);
        Watcher = Watcher with { State = up with { Pulse = pulse, Suspected = verdict == HeartbeatVerdict.Suspect } };

        if (verdict == HeartbeatVerdict.Hung)
            KillWatcher("its work loop said nothing for 10 s");
        else if (verdict == HeartbeatVerdict.Suspect && !up.Suspected)
            Do(new Effect.NudgeWatcher(Watcher.Epoch));
        else if (Watcher.Degraded && _at.Now >= up.Since + WatcherRestart.DegradedRetry)
            Recycle();
    }

    private void Recycle()
    {
        Do(new Effect.DrainWatcher(Watcher.Epoch, ToDrain));
        Watcher = Watcher with { State = new WatcherState.Leaving(Planned: true), RecycledAt = _at.Now };
    }

    private void KillWatcher(string why)
    {
        Do(new Effect.KillWatcher(Watcher.Epoch, why));
        Watcher = Watcher with { State = new WatcherState.Leaving(Planned: false) };
    }

    private bool IsPast(TimeSpan? last, TimeSpan period) => last is null || _at.Now >= last + period;
}
