namespace Supervisor.Parent.Links;

/// <summary>Carries out what the machine decided. Only the loop begins effects; any thread may look up a link.</summary>
internal sealed class Children(Launching launching, AppliedFile applied, WatcherLedger ledger, TreeLoop loop, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<string, HostLink> _hosts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _begun = new();
    private volatile WatcherLink? _watcher;
    private volatile WatcherLink? _standby;

    /// <summary>The one in charge.</summary>
    public WatcherLink? Watcher => _watcher;

    public WatcherLedger Ledger => ledger;

    public HostLink HostOf(string service) =>
        _hosts.TryGetValue(service, out var host) ? host : throw new LinkEndedException("its host is not up");

    /// <summary>Never blocks and never fails: the outcome is an event.</summary>
    public void Begin(Effect effect) => Own(effect switch
    {
        Effect.BeginRun begin => Task.Run(() => applied.Begin(begin.Baseline)),
        Effect.RecordApplied record => RecordAsync(record),
        Effect.SpawnWatcher { Standby: false } spawn => (_watcher = NewWatcher(spawn)).RunAsync(),
        Effect.SpawnWatcher spawn => (_standby = NewWatcher(spawn)).RunAsync(),
        Effect.TakeOver take => (_watcher = WatcherOf(take.Epoch)).TakeOverAsync(take.Baseline),
        Effect.NoteWatcher note => Task.Run(() => ledger.Noted(note)),
        Effect.NudgeWatcher nudge => WatcherOf(nudge.Epoch).NudgeAsync(),
        Effect.TrimWatcher trim => WatcherOf(trim.Epoch).TrimAsync(),
        Effect.HoldWatcher hold => WatcherOf(hold.Epoch).HoldAsync(hold.Held, hold.Within),
        Effect.TellOfOverdueHold overdue => Task.Run(() => log.HoldOverdue(overdue.Hold.Name, overdue.Hold.Holder, overdue.Hold.Since)),
        Effect.DrainWatcher drain => WatcherOf(drain.Epoch).DrainAsync(new WatcherEnding(drain.Cause, drain.Why, Planned: true), drain.Within),
        Effect.StopWatcher stop => WatcherOf(stop.Epoch).StopAsync(stop.Within),
        Effect.KillWatcher kill => WatcherOf(kill.Epoch).KillAsync(new WatcherEnding(kill.Cause, kill.Why, Planned: false)),
        Effect.SpawnHost spawn => NewHost(spawn.Service, spawn.Run).SpawnAsync(spawn.Within),
        Effect.DialHost dial => HostOf(dial.Service).DialAsync(dial.Within),
        Effect.NudgeHost nudge => HostOf(nudge.Service).NudgeAsync(),
        Effect.StartService start => HostOf(start.Service).StartAsync(start.Cause, start.Within),
        Effect.StopService stop => HostOf(stop.Service).StopAsync(stop.Now, stop.Within),
        Effect.ShutDownHost shut => HostOf(shut.Service).ShutDownAsync(shut.Now, shut.Within),
        Effect.ClearHost clear => HostOf(clear.Service).ClearAsync(clear.Why),
        Effect.SendChange send => HostOf(send.Service).SendAsync(send.Share.Order, send.Within),
        _ => throw new InvalidOperationException($"nobody carries out {effect}"),
    });

    /// <summary>Hosts that an earlier parent left: those of our services are adopted, the others are shut down.</summary>
    public void BeginAdoption(IEnumerable<string> ours, IEnumerable<string> others)
    {
        foreach (var service in ours)
            Own(NewHost(service, run: 0).AdoptAsync(Launching.ToAdopt));

        foreach (var service in others)
            Own(launching.DismissAsync(service));
    }

    /// <summary>For callers that cannot wait.</summary>
    public void Post(TreeEvent happened) => Own(loop.PostAsync(happened));

    public Task EndedAsync() => Task.WhenAll(_begun.Keys);

    private WatcherLink NewWatcher(Effect.SpawnWatcher spawn) => new(spawn, launching, ledger, loop, time, log);

    private WatcherLink WatcherOf(long epoch) => _standby is { } standby && standby.Epoch == epoch ? standby : _watcher!;

    private HostLink NewHost(string service, long run) => _hosts[service] = new HostLink(service, run, launching, loop, log);

    private async Task RecordAsync(Effect.RecordApplied record)
    {
        await Task.Run(() => applied.Write(record.Applied));
        await loop.PostAsync(new TreeEvent.BatchApplied(record.Ticket, record.Applied));
        Watcher?.Acknowledge(record.Ticket);
    }

    /// <summary>It must end when the tree does. Any thread.</summary>
    public void Own(Task task)
    {
        foreach (var ended in _begun.Keys.Where(begun => begun.IsCompleted))
        {
            // An effect never fails; where one does, that is a bug of ours: the parent dies of it, and the next one adopts the hosts.
            if (ended.Exception is { } bug)
                throw bug;

            _begun.TryRemove(ended, out _);
        }

        if (!task.IsCompletedSuccessfully)
            _begun.TryAdd(task, true);
    }
}
