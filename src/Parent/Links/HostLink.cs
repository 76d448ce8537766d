namespace Supervisor.Parent.Links;

/// <summary>Spawns or adopts one host, sends it orders and reports the outcomes as events of its run.</summary>
internal sealed class HostLink(string service, long run, ChildLauncher childLauncher, TreeLoop loop, Log log) : IParentOfHost
{
    private readonly TreePlan _plan = childLauncher.Plan;
    private volatile Task<ChildLink<IHost>?> _child = Task.FromResult<ChildLink<IHost>?>(null);
    private volatile SharedHeartbeat? _heartbeat;

    /// <summary>null: it has not beaten since the last call, or it beats by messages.</summary>
    public TreeEvent.HostBeat? TakeBeat() => _heartbeat?.HasBeaten() == true ? new(service, run) : null;

    public async Task SpawnAsync(TimeSpan within)
    {
        _child = Task.Run(() => childLauncher.TrySpawnHost(service, _plan));

        if (await _child is { } child)
        {
            await loop.PostAsync(new TreeEvent.HostSpawned(service, run, child.Pid));
            await Task.WhenAll(DialAsync(within), ReportExitAsync(child));
        }
        else
            await loop.PostAsync(new TreeEvent.HostExited(service, run, "it could not be spawned"));
    }

    /// <summary>Connects to the host that an earlier parent recorded, if that process still runs.</summary>
    public async Task AdoptAsync(TimeSpan within)
    {
        _child = Task.Run(() => childLauncher.TryAdopt(service));

        if (await _child is { } child)
            await Task.WhenAll(DialAsync(within), ReportExitAsync(child));
        else
            await loop.PostAsync(new TreeEvent.HostExited(service, run, "it had already ended"));
    }

    public async Task DialAsync(TimeSpan within)
    {
        if (await _child is not { } child)
            return;

        try
        {
            var welcome = await child.ConnectAsync(MultiplexedPipe.DialRpc, Open, childLauncher.HelloAsync, within, UnlinkedAsync);

            Interlocked.Exchange(ref _heartbeat, childLauncher.TryOpenHeartbeat(child.Pid, welcome))?.Dispose();

            // The pipe's path proves nothing: the process that answers must be the one that was spawned.
            if (welcome.Pid != child.Pid)
                await loop.PostAsync(new TreeEvent.HostFailed(service, run, $"process {welcome.Pid} answers in its place"));
            else
                await loop.PostAsync(new TreeEvent.HostLinked(service, run, welcome));
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            if (!await child.IsDyingAsync())
                await loop.PostAsync(new TreeEvent.HostFailed(service, run, "the handshake failed: " + failure.Message));
        }
    }

    public async Task ResumeAsync()
    {
        if (await _child is { } child)
            log.Silent(service, child.Pid, child.Diagnostics, child.TryContinue());
    }

    public Task StartAsync(string cause, TimeSpan within) => OrderAsync("start", (host, token) => host.StartAsync(new StartOrder(cause), token), within, _ => null);

    public Task StopAsync(bool now, long number, TimeSpan within) =>
        OrderAsync("stop", (host, token) => host.StopAsync(new StopOrder(now), token), within, status => new TreeEvent.HostStopped(service, run, number, status));

    /// <summary>The answer is the outcome of the restart, which may take as long as the service's own timeouts.</summary>
    public async Task RestartAsync(RequestedRestart.Waiting order, long number, TimeSpan within)
    {
        ServiceOutcome outcome;

        try
        {
            outcome = await CallAsync("restart", (host, token) => host.RestartAsync(new RestartOrder(order.Force, order.Cause), token), within, CancellationToken.None);
        }
        catch (LinkEndedException)
        {
            // The end of the link or of the host is an event of its own.
            return;
        }
        catch (Exception failure) when (failure is RemoteRpcException or TimeoutException)
        {
            outcome = new ServiceOutcome(service, false, $"{service}: {failure.Message}", null);
        }

        await loop.PostAsync(new TreeEvent.HostRestarted(service, run, number, outcome));
    }

    public async Task ShutDownAsync(bool now, TimeSpan within)
    {
        await OrderAsync("shutdown", (host, token) => Acknowledgement.OfAsync(host.ShutdownAsync(new StopOrder(now), token)), within, _ => null);

        if (await _child is not { } child)
            return;

        // The host has answered and exits when the link closes.
        await child.CloseAsync();

        if (!await child.ExitsWithinAsync(within))
            await loop.PostAsync(new TreeEvent.HostFailed(service, run, "it shut down and did not exit"));
    }

    public async Task SendAsync(ChangeOrder change, TimeSpan within)
    {
        try
        {
            await CallAsync("changed", (host, token) => Acknowledgement.OfAsync(host.ChangedAsync(change, token)), within, CancellationToken.None);
            await loop.PostAsync(new TreeEvent.ChangeAnswered(service, run, Recorded: true));
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            log.Unanswered(service, "changed", failure.Message);
            await loop.PostAsync(new TreeEvent.ChangeAnswered(service, run, Recorded: false));
        }
        catch (RemoteRpcException refusal)
        {
            // The host cannot record changes: its server would run old files for ever. A new server starts from the newest files.
            await loop.PostAsync(new TreeEvent.HostFailed(service, run, "it refused a change: " + refusal.Message));
        }
    }

    public async Task<TResult> CallAsync<TResult>(
        string what, Func<IHost, CancellationToken, Task<TResult>> call, TimeSpan within, CancellationToken cancellationToken)
    {
        var child = await _child ?? throw new LinkEndedException("its host is not up");
        return await child.CallAsync(what, call, within, cancellationToken);
    }

    /// <summary>Returns once the board shows the status that the host has just answered.</summary>
    public Task ShowAsync(ServiceStatus status) => loop.PostAndWaitAsync(new TreeEvent.HostReported(service, run, status));

    /// <summary>Returns once every process of this run has ended, as far as the kernel allows.</summary>
    public async Task ClearAsync(string why)
    {
        _heartbeat?.Dispose();

        if (await _child is { } child)
        {
            if (!child.Gone.IsCompleted)
                log.Killing(service, child.Pid, why, child.Diagnostics);

            await child.KillAsync();
            await child.CloseAsync();
        }

        if (!await childLauncher.ClearAsync(service))
            log.NotCleared(service);

        await loop.PostAsync(new TreeEvent.HostCleared(service, run));
    }

    private async Task OrderAsync<TResult>(
        string what, Func<IHost, CancellationToken, Task<TResult>> order, TimeSpan within, Func<TResult, TreeEvent?> carriedOut)
    {
        try
        {
            if (carriedOut(await CallAsync(what, order, within, CancellationToken.None)) is { } happened)
                await loop.PostAsync(happened);
        }
        catch (LinkEndedException)
        {
            // The end of the link or of the host is an event of its own, after which the order is sent again.
        }
        catch (Exception failure) when (failure is RemoteRpcException or TimeoutException)
        {
            await loop.PostAsync(new TreeEvent.HostFailed(service, run, $"{what}: {failure.Message}"));
        }
    }

    private IHost Open(RpcLink link)
    {
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IParentOfHost>(), this, null);
        return link.Rpc.Attach<IHost>();
    }

    Task IParentOfHost.StatusAsync(ServiceStatus status, CancellationToken cancellationToken) =>
        loop.PostAsync(new TreeEvent.HostReported(service, run, status));

    private Task UnlinkedAsync(string why)
    {
        log.Unlinked(service, why);
        return loop.PostAsync(new TreeEvent.HostUnlinked(service, run));
    }

    private async Task ReportExitAsync(ChildLink<IHost> child)
    {
        var reason = await child.Gone;
        log.Exited(service, child.Pid, reason.Describe());
        await loop.PostAsync(new TreeEvent.HostExited(service, run, reason.Describe()));
    }
}
