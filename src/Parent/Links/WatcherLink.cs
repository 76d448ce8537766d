namespace Supervisor.Parent.Links;

/// <summary>Spawns one watcher, connects to it, samples its usage and reports its exit exactly once.</summary>
internal sealed class WatcherLink(Effect.SpawnWatcher order, ChildLauncher childLauncher, WatcherLedger ledger, TreeLoop loop, TimeProvider time, Log log)
    : IParentOfWatcher
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _tickets = new();
    private readonly TreePlan _plan = childLauncher.Plan;
    private volatile Task<ChildLink<IWatcher>?> _child = Task.FromResult<ChildLink<IWatcher>?>(null);
    private volatile WatcherStopReason? _stopReason;
    private volatile bool _isActive = !order.Standby;
    private long _lastBytes;

    public long Epoch => order.Epoch;

    public async Task RunAsync()
    {
        _child = Task.Run(() => childLauncher.TrySpawnWatcher(order, _plan));

        if (await _child is not { } child)
        {
            await ReportExitAsync(null, new ExitReason.Lost());
            return;
        }

        if (_isActive)
            ledger.Started(order.Epoch, child.Pid, order.Degraded);

        await loop.PostAsync(new TreeEvent.WatcherSpawned(order.Epoch, child.Pid));
        var serving = Task.WhenAll(ConnectAsync(child), SampleAsync(child));
        var reason = await child.Gone;
        log.Exited("watcher", child.Pid, reason.Describe());
        await ReportExitAsync(child.Pid, reason);
        await child.CloseAsync();
        await serving;
    }

    /// <summary>The ledger records a standby only now: one that fails earlier affects nothing.</summary>
    public async Task TakeOverAsync(WatchBaseline baseline)
    {
        if (await _child is not { } child)
            return;

        _isActive = true;
        ledger.Started(order.Epoch, child.Pid, order.Degraded);

        if (!await TryAsync(child, "takeOver", (watcher, token) => watcher.TakeOverAsync(baseline, token), order.Within) && !await child.IsDyingAsync())
            await loop.PostAsync(new TreeEvent.WatcherFailed(order.Epoch, "it did not take over"));
    }

    /// <summary>A stopped watcher is not continued: it costs nothing to replace, and its interrupted work cannot be trusted.</summary>
    public async Task PingAsync()
    {
        if (await _child is not { } child)
            return;

        log.Silent("watcher", child.Pid, child.Diagnostics, continued: false);
        await TryAsync(child, "ping", (watcher, token) => watcher.PingAsync(token), PingTimeout);
    }

    public async Task TrimAsync()
    {
        if (await _child is { } child)
            await TryAsync(child, "trim", (watcher, token) => watcher.TrimAsync(token), PingTimeout);
    }

    public async Task DrainAsync(WatcherStopReason why, TimeSpan within)
    {
        if (await _child is not { } child)
            return;

        _stopReason = why;
        await TryAsync(child, "drain", (watcher, token) => watcher.DrainAsync(token), within);
        await ExitOrKillAsync(child, within);
    }

    /// <summary>A watcher exits when its link ends.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        if (await _child is not { } child)
            return;

        _stopReason = new WatcherStopReason("manual", "the tree stops", Planned: true);
        await child.CloseAsync();
        await ExitOrKillAsync(child, within);
    }

    public async Task KillAsync(WatcherStopReason why)
    {
        if (await _child is not { } child)
            return;

        _stopReason = why;
        log.Killing("watcher", child.Pid, why.Why ?? why.Cause, child.Diagnostics);
        await child.KillAsync();
    }

    /// <summary>A watcher that does not answer in time is not reported here: the loop detects its silence and replaces it.</summary>
    public async Task HoldAsync(bool held, TimeSpan within)
    {
        if (await _child is { } child && await TryAsync(child, "hold", (watcher, token) => watcher.HoldAsync(held, token), within))
            await loop.PostAsync(new TreeEvent.WatcherHoldApplied(order.Epoch, held));
    }

    public async Task<FlushAnswer> FlushAsync(bool patient, TimeSpan within, CancellationToken cancellationToken) =>
        await (await _child ?? throw new LinkEndedException("no watcher runs")).CallAsync("flush", (watcher, token) => watcher.FlushAsync(patient, token), within, cancellationToken);

    public void Acknowledge(long ticket)
    {
        if (_tickets.TryRemove(ticket, out var answered))
            answered.TrySetResult();
    }

    /// <param name="pid">null: it could not be spawned.</param>
    private Task ReportExitAsync(int? pid, ExitReason reason)
    {
        var kind = reason switch { ExitReason.Exited => ExitKind.Exit, ExitReason.Signaled => ExitKind.Signal, _ => ExitKind.Lost };
        var exit = new ExitStatus(kind, reason.ExitCode, reason.SignalName, time.GetUtcNow());

        if (kind == ExitKind.Signal && WatcherCaps.EndAtMemoryCap(childLauncher.LimitsOf(order.GroupIndex) is { HasKilled: true }, _lastBytes, _plan.Spec.Watcher.Limits.MemoryBytes) is { } why)
            _stopReason ??= new WatcherStopReason("memory", why, Planned: false);

        // Before the event: the loop may then start another watcher, and this end must come before that start in the ledger.
        if (_isActive)
            ledger.Ended(order.Epoch, pid, exit, _stopReason);

        return loop.PostAsync(new TreeEvent.WatcherExited(order.Epoch, exit, _stopReason?.Why));
    }

    private static async Task ExitOrKillAsync(ChildLink<IWatcher> child, TimeSpan within)
    {
        if (!await child.ExitsWithinAsync(within))
            await child.KillAsync();
    }

    private async Task ConnectAsync(ChildLink<IWatcher> child)
    {
        try
        {
            await child.ConnectAsync(pipe => pipe, Open, (watcher, token) => watcher.HelloAsync(childLauncher.HelloToWatcher(order, _plan), token), order.Within, UnlinkedAsync);
            await loop.PostAsync(new TreeEvent.WatcherLinked(order.Epoch));
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            if (!await child.IsDyingAsync())
                await loop.PostAsync(new TreeEvent.WatcherFailed(order.Epoch, "the handshake failed: " + failure.Message));
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
        var ticket = childLauncher.NextTicket();
        _tickets[ticket] = answered;
        await loop.PostAsync(new TreeEvent.BatchArrived(batch.Epoch, ticket, batch));
        await answered.Task.WaitAsync(cancellationToken);
    }

    Task IParentOfWatcher.HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) =>
        loop.PostAsync(new TreeEvent.WatcherHeartbeat(heartbeat.Epoch, heartbeat));

    Task IParentOfWatcher.WarningAsync(WatcherWarning warning, CancellationToken cancellationToken)
    {
        log.WatcherWarned(warning.Message);
        return Task.CompletedTask;
    }

    private async Task<bool> TryAsync(ChildLink<IWatcher> child, string what, Func<IWatcher, CancellationToken, Task> call, TimeSpan within)
    {
        try
        {
            await child.CallAsync(what, (watcher, token) => Acknowledgement.OfAsync(call(watcher, token)), within, CancellationToken.None);
            await loop.PostAsync(new TreeEvent.WatcherAnswered(order.Epoch));
            return true;
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            // The loop detects silence, and a watcher whose drain fails is killed.
            log.Unanswered("watcher", what, failure.Message);
            return false;
        }
    }

    private async Task SampleAsync(ChildLink<IWatcher> child)
    {
        var (meter, pace) = (new CpuMeter(child.Pid, time), SamplingInterval.Max);

        while (await Task.WhenAny(child.Gone, Task.Delay(pace < SamplingInterval.Max ? pace : CommonMoments.UntilNext(pace, time), time, CancellationToken.None)) != child.Gone)
        {
            if (ProcessStatistics.ResidentBytes(child.Pid) is not { } resident)
                continue;

            _lastBytes = resident;
            await loop.PostAsync(new TreeEvent.WatcherSampled(order.Epoch, new WatcherSample(resident, meter.Percent())));
            pace = SamplingInterval.Next(resident, _plan.Spec.Watcher.Limits.MemoryBytes);
        }
    }
}
