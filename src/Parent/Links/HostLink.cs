namespace Supervisor.Parent.Links;

/// <summary>One host's life at the edge. What it is ordered to do and what becomes of it is reported by events of its run.</summary>
internal sealed class HostLink(string service, long run, Launching launching, TreeLoop loop, Log log) : IParentOfHost
{
    private volatile Task<ChildLink<IHost>?> _birth = Task.FromResult<ChildLink<IHost>?>(null);

    public async Task SpawnAsync(TimeSpan within)
    {
        _birth = Task.Run(() => launching.TrySpawnHost(service));

        if (await _birth is { } child)
        {
            await loop.PostAsync(new TreeEvent.HostSpawned(service, run, child.Pid));
            await Task.WhenAll(DialAsync(within), ReportExitAsync(child));
        }
        else
            await loop.PostAsync(new TreeEvent.HostExited(service, run, "it could not be spawned"));
    }

    /// <summary>Dials the host that an earlier parent left on record, if that very process still lives.</summary>
    public async Task AdoptAsync(TimeSpan within)
    {
        _birth = Task.Run(() => launching.TryAdopt(service));

        if (await _birth is { } child)
            await Task.WhenAll(DialAsync(within), ReportExitAsync(child));
        else
            await loop.PostAsync(new TreeEvent.HostExited(service, run, "it ended before we came"));
    }

    public async Task DialAsync(TimeSpan within)
    {
        if (await _birth is not { } child)
            return;

        try
        {
            var welcome = await child.GreetAsync(MultiplexedPipe.DialRpc, Open, launching.HelloAsync, within, UnlinkedAsync);

            // The pipe's path proves nothing: the one who answers there must be the process that was spawned.
            if (welcome.Pid != child.Pid)
                await loop.PostAsync(new TreeEvent.HostFailed(service, run, $"process {welcome.Pid} answers in its place"));
            else
                await loop.PostAsync(new TreeEvent.HostLinked(service, run, welcome));
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
        {
            if (!await child.IsDyingAsync())
                await loop.PostAsync(new TreeEvent.HostFailed(service, run, "it could not be greeted: " + failure.Message));
        }
    }

    public async Task NudgeAsync()
    {
        if (await _birth is { } child)
            log.Silent(service, child.Pid, child.Evidence, child.TryWake());
    }

    public Task StartAsync(string cause, TimeSpan within) => OrderAsync("start", (host, token) => host.StartAsync(new StartOrder(cause), token), within, _ => null);

    public Task StopAsync(bool now, TimeSpan within) =>
        OrderAsync("stop", (host, token) => host.StopAsync(new StopOrder(now), token), within, status => new TreeEvent.HostStopped(service, run, status));

    public async Task ShutDownAsync(bool now, TimeSpan within)
    {
        await OrderAsync("shutdown", (host, token) => Answered.ByAsync(host.ShutdownAsync(new StopOrder(now), token)), within, _ => null);

        if (await _birth is not { } child)
            return;

        // It has answered and stays only until we hang up.
        await child.HangUpAsync();

        if (!await child.LeaveWithinAsync(within))
            await loop.PostAsync(new TreeEvent.HostFailed(service, run, "it shut down and did not exit"));
    }

    public async Task SendAsync(ChangeOrder change, TimeSpan within)
    {
        try
        {
            await CallAsync("changed", (host, token) => Answered.ByAsync(host.ChangedAsync(change, token)), within, CancellationToken.None);
            await loop.PostAsync(new TreeEvent.ChangeAnswered(service, run, Recorded: true));
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            log.Unanswered(service, "changed", failure.Message);
            await loop.PostAsync(new TreeEvent.ChangeAnswered(service, run, Recorded: false));
        }
        catch (RemoteRpcException refusal)
        {
            // It cannot take note of changes: its server would run old files for ever. A new one starts from the newest.
            await loop.PostAsync(new TreeEvent.HostFailed(service, run, "it refused a change: " + refusal.Message));
        }
    }

    public async Task<TResult> CallAsync<TResult>(
        string what, Func<IHost, CancellationToken, Task<TResult>> call, TimeSpan within, CancellationToken cancellationToken)
    {
        var child = await _birth ?? throw new LinkEndedException("its host is not up");
        return await child.CallAsync(what, call, within, cancellationToken);
    }

    /// <summary>What the host has just answered is on the board before the caller hears of it.</summary>
    public Task ShowAsync(ServiceStatus status) => loop.DecideAsync(new TreeEvent.HostReported(service, run, status));

    /// <summary>Everything of this run is gone when it returns, or as gone as a kernel allows.</summary>
    public async Task ClearAsync(string why)
    {
        if (await _birth is { } child)
        {
            if (!child.Gone.IsCompleted)
                log.Killing(service, child.Pid, why, child.Evidence);

            await child.KillAsync();
            await child.HangUpAsync();
        }

        if (!await launching.ClearAsync(service))
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
            // The end of the link or of the host is reported by itself, and the order is given again.
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
