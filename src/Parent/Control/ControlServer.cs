namespace Supervisor.Parent.Control;

/// <summary>
/// Serves the control pipe. Every connection may send commands, subscribe to the board and own the tree; the loop decides about the commands.
/// </summary>
internal sealed class ControlServer(Commands commands, HoldCommands holds, Board board, TreeLoop loop, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<ControlConnection, bool> _connected = new();
    private volatile ControlConnection? _owner;

    public bool IsOwned => _owner is not null;

    public Task RunAsync(PipeListener listener, CancellationToken stopping)
    {
        listener.Rejected = (peer, why) => log.TurnedAway(peer.Pid, peer.Uid, why);
        listener.ServeFailed = bug => log.ConnectionFailed(bug.ToString());
        return listener.RunAsync(ServeAsync, stopping);
    }

    /// <summary>The tree stops when this connection ends, or at once if it has already ended: a client may disconnect before its request is handled.</summary>
    public Task OwnAsync(ControlConnection owner) =>
        (_owner = owner).Ended.IsCompleted ? loop.PostAsync(new TreeEvent.StopAllRequested(Now: false)) : Task.CompletedTask;

    /// <summary>Waits until all clients have disconnected, as they do after their last answer.</summary>
    public async Task WaitForDisconnectsAsync(TimeSpan within) =>
        await Task.WhenAll(_connected.Keys.Select(connection => connection.Ended)).WaitAsync(within, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ServeAsync(Stream stream, PeerCredentials who, CancellationToken stopping)
    {
        var link = new RpcLink(stream, Formatters.Json(), time) { HandlerFailed = (method, bug) => log.ConnectionFailed($"{method}: {bug}") };
        var connection = new ControlConnection(link, who, this, commands, holds, board);
        _connected.TryAdd(connection, true);
        await connection.RunAsync(stopping);
        _connected.TryRemove(connection, out _);

        if (_owner == connection && !stopping.IsCancellationRequested)
        {
            log.Asked("Stop", $"the end of its owner's link (process {who.Pid})");
            await loop.PostAsync(new TreeEvent.StopAllRequested(Now: false));
        }
    }
}
