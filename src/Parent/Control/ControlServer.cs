namespace Supervisor.Parent.Control;

/// <summary>The control pipe: any number of connections, each of which may ask, subscribe and own. What they want, the loop decides.</summary>
internal sealed class ControlServer(Commands commands, Holding holding, Board board, TreeLoop loop, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<ControlConnection, bool> _connected = new();
    private volatile ControlConnection? _owner;

    public bool IsOwned => _owner is not null;

    public Task RunAsync(PipeListener listener, CancellationToken stopping)
    {
        listener.TurnedAway = (peer, why) => log.TurnedAway(peer.Pid, peer.Uid, why);
        listener.ServeFailed = bug => log.ConnectionFailed(bug.ToString());
        return listener.RunAsync(ServeAsync, stopping);
    }

    /// <summary>The tree stops when this connection ends, or at once where it has: whoever asks may be gone before it is heard.</summary>
    public Task OwnAsync(ControlConnection owner) =>
        (_owner = owner).Ended.IsCompleted ? loop.PostAsync(new TreeEvent.StopAllWanted(Now: false)) : Task.CompletedTask;

    /// <summary>Waits until everybody has hung up, as those do who have their last answer.</summary>
    public async Task HungUpAsync(TimeSpan within) =>
        await Task.WhenAll(_connected.Keys.Select(connection => connection.Ended)).WaitAsync(within, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ServeAsync(Stream stream, PeerCredentials who, CancellationToken stopping)
    {
        var link = new RpcLink(stream, Formatters.Json(), time) { HandlerFailed = (method, bug) => log.ConnectionFailed($"{method}: {bug}") };
        var connection = new ControlConnection(link, who, this, commands, holding, board);
        _connected.TryAdd(connection, true);
        await connection.RunAsync(stopping);
        _connected.TryRemove(connection, out _);

        if (_owner == connection && !stopping.IsCancellationRequested)
        {
            log.Asked("Stop", $"the end of its owner's link (process {who.Pid})");
            await loop.PostAsync(new TreeEvent.StopAllWanted(Now: false));
        }
    }
}
