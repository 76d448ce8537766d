namespace Supervisor.Parent.Links;

/// <summary>Carries out the effects that <see cref="TreeMachine"/> decides. Only the loop begins effects; any thread may look up a link.</summary>
internal sealed class EffectRunner(ChildLauncher childLauncher, AppliedFile applied, WatcherLedger ledger, TreeLoop loop, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<string, HostLink> _hosts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private volatile WatcherLink? _watcher;
    private volatile WatcherLink? _standby;

    /// <summary>The active one, not the standby.</summary>
    public WatcherLink? Watcher => _watcher;

    public WatcherLedger Ledger => ledger;

    public HostLink HostOf(string service) =>
        _hosts.TryGetValue(service, out var host) ? host : throw new LinkEndedException("its host is not up");

    /// <summary>Never blocks and never fails: the outcome comes back as an event.</summary>
    public void Begin(Effect effect) => Track(effect switch
    {
        Effect.UsePlan use => Task.FromResult(childLauncher.Plan = use.Plan),
        Effect.ReadConfiguration => ReadConfigurationAsync(childLauncher.Plan),
        Effect.BeginRun begin => Task.Run(() => applied.Begin(begin.Baseline)),
        Effect.RecordApplied record => RecordAsync(record),
        Effect.SpawnWatcher { Standby: false } spawn => (_watcher = NewWatcher(spawn)).RunAsync(),
        Effect.SpawnWatcher spawn => (_standby = NewWatcher(spawn)).RunAsync(),
        Effect.TakeOver take => (_watcher = WatcherOf(take.Epoch)).TakeOverAsync(take.Baseline),
        Effect.RecordWatcherEvent note => Task.Run(() => Record(note)),
        Effect.PingWatcher ping => WatcherOf(ping.Epoch).PingAsync(),
        Effect.TrimWatcher trim => WatcherOf(trim.Epoch).TrimAsync(),
        Effect.HoldWatcher hold => WatcherOf(hold.Epoch).HoldAsync(hold.Held, hold.Within),
        Effect.LogOverdueHold overdue => Task.Run(() => log.HoldOverdue(overdue.Hold.Name, overdue.Hold.Holder, overdue.Hold.Since)),
        Effect.DrainWatcher drain => WatcherOf(drain.Epoch).DrainAsync(new WatcherStopReason(drain.Cause, drain.Why, Planned: true), drain.Within),
        Effect.StopWatcher stop => WatcherOf(stop.Epoch).StopAsync(stop.Within),
        Effect.KillWatcher kill => WatcherOf(kill.Epoch).KillAsync(new WatcherStopReason(kill.Cause, kill.Why, Planned: false)),
        Effect.SpawnHost spawn => NewHost(spawn.Service, spawn.Run).SpawnAsync(spawn.Within),
        Effect.DialHost dial => HostOf(dial.Service).DialAsync(dial.Within),
        Effect.ResumeHost resume => HostOf(resume.Service).ResumeAsync(),
        Effect.StartService start => HostOf(start.Service).StartAsync(start.Cause, start.Within),
        Effect.RestartService restart => HostOf(restart.Service).RestartAsync(restart.Order, restart.Number, restart.Within),
        Effect.StopService stop => HostOf(stop.Service).StopAsync(stop.Now, stop.Number, stop.Within),
        Effect.ShutDownHost shut => HostOf(shut.Service).ShutDownAsync(shut.Now, shut.Within),
        Effect.ClearHost clear => HostOf(clear.Service).ClearAsync(clear.Why),
        Effect.SendChange send => HostOf(send.Service).SendAsync(send.Change.Order with { Watch = childLauncher.Plan.Find(send.Service)?.Watch }, send.Within),
        _ => throw new InvalidOperationException($"no handler for {effect}"),
    });

    /// <summary>Adopts the hosts that an earlier parent left for configured services and shuts down the others.</summary>
    public void BeginAdoption(IEnumerable<string> ours, IEnumerable<string> others)
    {
        foreach (var service in ours)
            Track(NewHost(service, run: 0).AdoptAsync(ChildLauncher.AdoptTimeout));

        foreach (var service in others)
            Track(childLauncher.ShutDownUnconfiguredAsync(service));
    }

    /// <summary>Since the last call.</summary>
    public IReadOnlyList<TreeEvent.HostBeat> Beats() => [.. _hosts.Values.Select(host => host.TakeBeat()).OfType<TreeEvent.HostBeat>()];

    /// <summary>For callers that cannot wait.</summary>
    public void Post(TreeEvent happened) => Track(loop.PostAsync(happened));

    public Task WhenAllEndedAsync() => Task.WhenAll(_running.Keys);

    private async Task ReadConfigurationAsync(TreePlan plan)
    {
        var read = await Task.Run(() => ConfigurationFile.Read(plan.Spec.ConfigPath));
        await loop.PostAsync(read is ReadResult.Valid { Spec: { Reload: ReloadMode.Auto } spec }
            ? new TreeEvent.PlanReplaced(plan, plan.With(spec)) : new TreeEvent.ConfigurationRead(plan, PlanDifference.Pending(plan.Spec, read)));
    }

    private void Record(Effect.RecordWatcherEvent note)
    {
        ledger.Record(note.Event, note.Cause, note.Epoch, note.Pid, note.Why);
        log.WatcherWarned($"{note.Event}: {note.Why}");
    }

    private WatcherLink NewWatcher(Effect.SpawnWatcher spawn) => new(spawn, childLauncher, ledger, loop, time, log);

    private WatcherLink WatcherOf(long epoch) => _standby is { } standby && standby.Epoch == epoch ? standby : _watcher!;

    private HostLink NewHost(string service, long run) => _hosts[service] = new HostLink(service, run, childLauncher, loop, log);

    private async Task RecordAsync(Effect.RecordApplied record)
    {
        await Task.Run(() => applied.Write(record.Applied));
        await loop.PostAsync(new TreeEvent.BatchApplied(record.Ticket, record.Applied));
        Watcher?.Acknowledge(record.Ticket);
    }

    /// <summary>The end of the tree waits for the task. Any thread.</summary>
    public void Track(Task task)
    {
        foreach (var ended in _running.Keys.Where(running => running.IsCompleted))
        {
            // An effect never fails. If one does, that is a bug: the parent crashes, and the next parent adopts the hosts.
            if (ended.Exception is { } bug)
                throw bug;

            _running.TryRemove(ended, out _);
        }

        if (!task.IsCompletedSuccessfully)
            _running.TryAdd(task, true);
    }
}
