using System.Threading.Channels;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;

namespace Supervisor.Tree.Harness;

/// <summary>A client of the control pipe that sees every board it is sent, newest kept: tests wait for boards, not for time.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly RpcPeer _peer;
    private readonly Task<string> _running;

    // Only the newest board counts; a full channel forgets older ones.
    private readonly Channel<StatusReport> _boards =
        Channel.CreateBounded<StatusReport>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Told of every board as it comes, by the thread that reads.</summary>
    public Action<StatusReport>? Seen { get; set; }

    private ControlClient(Stream stream)
    {
        var methods = new RpcMethods().On(ControlPipe.Board, (board, _, _) =>
        {
            Seen?.Invoke(board);
            _boards.Writer.TryWrite(board);
            return Task.CompletedTask;
        });
        _peer = new RpcPeer(stream, methods, TimeProvider.System);
        _running = _peer.RunAsync(_closing.Token);
    }

    public static async Task<ControlClient> ConnectAsync(string socket)
    {
        var stream = await PipeClient.ConnectAsync(socket, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
        var client = new ControlClient(stream);
        client._boards.Writer.TryWrite(await client.CallAsync(ControlPipe.Subscribe, Nothing.Instance));
        return client;
    }

    public async Task<TResult> CallAsync<TParams, TResult>(RpcMethod<TParams, TResult> method, TParams parameters)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        return await _peer.CallAsync(method, parameters, late.Token);
    }

    public Task<StatusReport> StatusAsync() => CallAsync(ControlPipe.Status, Nothing.Instance);

    /// <summary>The first board, now or later, for which the condition holds.</summary>
    public async Task<StatusReport> WaitForAsync(Func<StatusReport, bool> holds, string what, TimeSpan? deadline = null)
    {
        using var late = new CancellationTokenSource(deadline ?? Wait.Long);
        var last = await StatusAsync();
        try
        {
            while (!holds(last))
            {
                // What came before the status that was just asked for is old news.
                if (await _boards.Reader.ReadAsync(late.Token) is var board && board.Tree.Revision > last.Tree.Revision)
                    last = board;
            }

            return last;
        }
        catch (OperationCanceledException cancelled) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited in vain: {what}; the last board: {last.Watcher} {string.Join("\n", last.Services)}", cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _peer.DisposeAsync();
        _closing.Dispose();
    }
}

/// <summary>Reading boards by service name.</summary>
internal static class BoardReading
{
    public static ServiceStatus Service(this StatusReport board, string name) => board.Services.Single(service => service.Name == name);
}
