namespace Supervisor.Parent.Control;

/// <summary>The control pipe: any number of connections, each of which may ask, subscribe and own. What they want, the loop decides.</summary>
internal sealed class ControlServer(Commands commands, Holding holding, Board board, TreeLoop loop, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<RpcPeer, PeerCredentials> _connected = new();
    private readonly ConcurrentDictionary<RpcPeer, Task> _subscribers = new();
    private volatile RpcPeer? _owner;

    public bool IsOwned => _owner is not null;

    public Task RunAsync(PipeListener listener, CancellationToken stopping)
    {
        var methods = RpcMethods.None
            .On(ControlPipe.Status, (_, _, _) => Task.FromResult(board.Report))
            .On(ControlPipe.Start, (request, _, cancellationToken) => commands.StartAsync(request, cancellationToken))
            .On(ControlPipe.Stop, (request, _, cancellationToken) => commands.StopAsync(request, cancellationToken))
            .On(ControlPipe.Restart, (request, _, cancellationToken) => commands.RestartAsync(request, cancellationToken))
            .On(ControlPipe.Wait, (request, _, cancellationToken) => commands.WaitAsync(request, cancellationToken))
            .On(ControlPipe.Why, (request, _, cancellationToken) => commands.WhyAsync(request, cancellationToken))
            .On(ControlPipe.Flush, (_, _, cancellationToken) => commands.FlushAsync(cancellationToken))
            .On(ControlPipe.Hold, (request, peer, cancellationToken) => holding.HoldAsync(request, _connected[peer].Pid, peer.Ended, cancellationToken))
            .On(ControlPipe.Release, (request, _, _) => holding.ReleaseAsync(request))
            .On(ControlPipe.Introduce, (request, _, _) => Task.FromResult(commands.Introduce(request)))
            .On(ControlPipe.Subscribe, (_, peer, _) => Task.FromResult(Subscribe(peer)))
            .On(ControlPipe.Own, (_, peer, _) => Task.FromResult(Own(peer)));

        listener.TurnedAway = (peer, why) => log.TurnedAway(peer.Pid, peer.Uid, why);
        listener.ServeFailed = bug => log.ConnectionFailed(bug.ToString());
        return listener.RunAsync((stream, who, connected) => ServeAsync(new RpcPeer(stream, methods, time), who, connected), stopping);
    }

    /// <summary>Waits until everybody has hung up, as those do who have their last answer.</summary>
    public async Task HungUpAsync(TimeSpan within) =>
        await Task.WhenAll(_connected.Keys.Select(peer => peer.Ended)).WaitAsync(within, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ServeAsync(RpcPeer peer, PeerCredentials who, CancellationToken stopping)
    {
        _connected[peer] = who;

        await using (peer)
            await peer.RunAsync(stopping);

        _connected.TryRemove(peer, out _);

        if (_owner == peer && !stopping.IsCancellationRequested)
        {
            log.Asked("Stop", $"the end of its owner's link (process {who.Pid})");
            await loop.PostAsync(new TreeEvent.StopAllWanted(Now: false));
        }

        if (_subscribers.TryRemove(peer, out var pushing))
            await pushing;
    }

    private StatusReport Own(RpcPeer peer)
    {
        _owner = peer;
        return board.Report;
    }

    private StatusReport Subscribe(RpcPeer peer)
    {
        var report = board.Report;

        if (!_subscribers.ContainsKey(peer))
            _subscribers[peer] = PushAsync(peer, report.Tree.Revision);

        return report;
    }

    /// <summary>The next board is looked up only when the last one has been written: a slow reader gets the newest and misses those between.</summary>
    private async Task PushAsync(RpcPeer peer, long revision)
    {
        try
        {
            while (await board.AfterAsync(revision, peer.Ended) is { } report)
            {
                revision = report.Tree.Revision;
                await peer.NotifyAsync(ControlPipe.Board, report, CancellationToken.None);
            }
        }
        catch (LinkEndedException)
        {
            // The subscriber has gone: there is nobody to tell.
        }
    }
}
