namespace Supervisor.Parent.Links;

/// <summary>One watcher's life at the edge: spawned, greeted, sampled, and its exit reported exactly once.</summary>
internal sealed class WatcherLink(Effect.SpawnWatcher order, Launching launching, WatcherLedger ledger, TreeLoop loop, TimeProvider time, Log log)
    : IParentOfWatcher
{
    private static readonly TimeSpan ToPing = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _tickets = new();
    private volatile Task<ChildLink<IWatcher>?> _birth = Task.FromResult<ChildLink<IWatcher>?>(null);
    private volatile WatcherEnding? _ending;
    private volatile bool _wasInCharge = !order.Standby;

    public long Epoch => order.Epoch;

    public async Task RunAsync()
    {
        _birth = Task.Run(() => launching.TrySpawnWatcher(order));

        if (await _birth is not { } child)
        {
            await ReportExitAsync(null, new ExitReason.Lost());
            return;
        }

        if (_wasInCharge)
            ledger.Started(order, child.Pid);

        await loop.PostAsync(new TreeEvent.WatcherSpawned(order.Epoch, child.Pid));
        var serving = Task.WhenAll(GreetAsync(child), SampleAsync(child));
        var reason = await child.Gone;
        log.Exited("watcher", child.Pid, reason.Describe());
        await ReportExitAsync(child.Pid, reason);
        await child.HangUpAsync();
        await serving;
    }

    /// <summary>Only now is it in the ledger: a standby that fails costs nobody anything.</summary>
    public async Task TakeOverAsync(WatchBaseline baseline)
    {
        if (await _birth is not { } child)
            return;

        _wasInCharge = true;
        ledger.Started(order, child.Pid);

        if (!await TryAsync(child, "takeOver", (watcher, token) => watcher.TakeOverAsync(baseline, token), order.Within) && !await child.IsDyingAsync())
            await loop.PostAsync(new TreeEvent.WatcherFailed(order.Epoch, "it would not take over"));
    }

    /// <summary>A stopped watcher is not woken: it costs nothing to replace, and what it half did before is not worth trusting.</summary>
    public async Task NudgeAsync()
    {
        if (await _birth is not { } child)
            return;

        log.Silent("watcher", child.Pid, child.Evidence, woken: false);
        await TryAsync(child, "ping", (watcher, token) => watcher.PingAsync(token), ToPing);
    }

    public async Task TrimAsync()
    {
        if (await _birth is { } child)
            await TryAsync(child, "trim", (watcher, token) => watcher.TrimAsync(token), ToPing);
    }

    public async Task DrainAsync(WatcherEnding why, TimeSpan within)
    {
        if (await _birth is not { } child)
            return;

        _ending = why;
        await TryAsync(child, "drain", (watcher, token) => watcher.DrainAsync(token), within);
        await LeaveOrDieAsync(child, within);
    }

    /// <summary>A watcher whose link ends has nobody to work for and exits.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        if (await _birth is not { } child)
            return;

        _ending = new WatcherEnding("manual", "the tree stops", Planned: true);
        await child.HangUpAsync();
        await LeaveOrDieAsync(child, within);
    }

    public async Task KillAsync(WatcherEnding why)
    {
        if (await _birth is not { } child)
            return;

        _ending = why;
        log.Killing("watcher", child.Pid, why.Why ?? why.Cause, child.Evidence);
        await child.KillAsync();
    }

    /// <summary>A watcher that does not answer within the time has been replaced by then: its silence is judged by the loop.</summary>
    public async Task HoldAsync(bool held, TimeSpan within)
    {
        if (await _birth is { } child && await TryAsync(child, "hold", (watcher, token) => watcher.HoldAsync(held, token), within))
            await loop.PostAsync(new TreeEvent.WatcherHolds(order.Epoch, held));
    }

    public async Task<FlushAnswer> FlushAsync(TimeSpan within, CancellationToken cancellationToken) =>
        await (await _birth ?? throw new LinkEndedException("no watcher runs")).CallAsync("flush", (watcher, token) => watcher.FlushAsync(token), within, cancellationToken);

    public void Acknowledge(long ticket)
    {
        if (_tickets.TryRemove(ticket, out var answered))
            answered.TrySetResult();
    }

    /// <param name="pid">null: it could not be spawned.</param>
    private Task ReportExitAsync(int? pid, ExitReason reason)
    {
        var exit = reason switch
        {
            ExitReason.Exited exited => new ExitStatus(ExitKind.Exit, exited.Code, null, time.GetUtcNow()),
            ExitReason.Signaled signaled => new ExitStatus(ExitKind.Signal, null, Signals.Name(signaled.Signal), time.GetUtcNow()),
            _ => new ExitStatus(ExitKind.Lost, null, null, time.GetUtcNow()),
        };

        // Before the loop knows, for then there may be another one, and its start comes after this end.
        if (_wasInCharge)
            ledger.Ended(order.Epoch, pid, exit, _ending);

        return loop.PostAsync(new TreeEvent.WatcherExited(order.Epoch, exit));
    }

    private static async Task LeaveOrDieAsync(ChildLink<IWatcher> child, TimeSpan within)
    {
        if (!await child.LeaveWithinAsync(within))
            await child.KillAsync();
    }

    private async Task GreetAsync(ChildLink<IWatcher> child)
    {
        try
        {
            await child.GreetAsync(pipe => pipe, Open, (watcher, token) => watcher.HelloAsync(launching.HelloToWatcher(order), token), order.Within, UnlinkedAsync);
            await loop.PostAsync(new TreeEvent.WatcherLinked(order.Epoch));
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            if (!await child.IsDyingAsync())
                await loop.PostAsync(new TreeEvent.WatcherFailed(order.Epoch, "it could not be greeted: " + failure.Message));
        }
    }

    private Task UnlinkedAsync(string why) => loop.PostAsync(new TreeEvent.WatcherFailed(order.Epoch, "its link ended: " + why));

    private IWatcher Open(RpcLink link)
    {
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IParentOfWatcher>(), this, null);
        return link.Rpc.Attach<IWatcher>();
    }

    async Task IParentOfWatcher.DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ticket = launching.NextTicket();
        _tickets[ticket] = answered;
        await loop.PostAsync(new TreeEvent.BatchArrived(batch.Epoch, ticket, batch));
        await answered.Task.WaitAsync(cancellationToken);
    }

    Task IParentOfWatcher.HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) =>
        loop.PostAsync(new TreeEvent.WatcherBeat(heartbeat.Epoch, heartbeat));

    Task IParentOfWatcher.WarningAsync(WatcherWarning warning, CancellationToken cancellationToken)
    {
        log.WatcherWarned(warning.Message);
        return Task.CompletedTask;
    }

    private async Task<bool> TryAsync(ChildLink<IWatcher> child, string what, Func<IWatcher, CancellationToken, Task> call, TimeSpan within)
    {
        try
        {
            await child.CallAsync(what, (watcher, token) => Answered.ByAsync(call(watcher, token)), within, CancellationToken.None);
            await loop.PostAsync(new TreeEvent.WatcherAnswered(order.Epoch));
            return true;
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            // Silence is judged by the loop, and a drain that fails ends with the process being killed.
            log.Unanswered("watcher", what, failure.Message);
            return false;
        }
    }

    private async Task SampleAsync(ChildLink<IWatcher> child)
    {
        var (meter, pace) = (new CpuMeter(child.Pid, time), SamplingInterval.Max);

        while (await Task.WhenAny(child.Gone, Task.Delay(pace, time, CancellationToken.None)) != child.Gone)
        {
            if (ProcessStatistics.ResidentBytes(child.Pid) is not { } resident)
                continue;

            await loop.PostAsync(new TreeEvent.WatcherSampled(order.Epoch, new WatcherSample(resident, meter.Percent())));
            pace = SamplingInterval.Next(resident, launching.WatcherMemoryBytes);
        }
    }
}
