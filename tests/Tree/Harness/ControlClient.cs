using System.Threading.Channels;
using StreamJsonRpc;
using Supervisor.Wire;

namespace Supervisor.Tree.Harness;

/// <summary>
/// A client of the control pipe that gets every board; tests wait for boards, not for time. Not a <see cref="SupervisorClient"/>, which keeps only the newest
/// board and would miss a gap of one board.
/// </summary>
internal sealed class ControlClient : IBoardSubscriber, IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly RpcLink _link;
    private readonly IControl _control;
    private readonly Task<string> _running;

    // Only the newest boards matter; a full channel drops older ones.
    private readonly Channel<StatusReport> _boards =
        Channel.CreateBounded<StatusReport>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    private ControlClient(Stream stream)
    {
        _link = new RpcLink(stream, Formatters.Json(), TimeProvider.System);
        _link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IBoardSubscriber>(), this, null);
        _control = _link.Rpc.Attach<IControl>();
        _running = _link.RunAsync(_closing.Token);
    }

    /// <summary>Called for every board, on the thread that reads.</summary>
    public Action<StatusReport>? OnBoard { get; set; }

    public static async Task<ControlClient> ConnectAsync(string socket)
    {
        var client = new ControlClient(await PipeClient.ConnectAsync(socket, Wait.DefaultTimeout, TimeProvider.System, CancellationToken.None));
        client._boards.Writer.TryWrite(await client.CallAsync(control => control.SubscribeAsync()));
        return client;
    }

    public async Task<TResult> CallAsync<TResult>(Func<IControl, Task<TResult>> call)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        return await _link.CallAsync(_ => call(_control), late.Token);
    }

    Task IBoardSubscriber.BoardAsync(TreeStatus tree, WatcherStatus watcher, IReadOnlyList<ServiceStatus> services, CancellationToken cancellationToken)
    {
        var board = new StatusReport(tree, watcher, services);
        OnBoard?.Invoke(board);
        _boards.Writer.TryWrite(board);
        return Task.CompletedTask;
    }

    public Task<StatusReport> StatusAsync() => CallAsync(control => control.StatusAsync());

    /// <summary>The first board, now or later, for which the condition holds.</summary>
    public async Task<StatusReport> WaitForAsync(Func<StatusReport, bool> holds, string what, TimeSpan? deadline = null)
    {
        using var late = new CancellationTokenSource(deadline ?? Wait.DefaultTimeout);
        var last = await StatusAsync();
        try
        {
            while (!holds(last))
            {
                // Boards older than the status just received are ignored.
                if (await _boards.Reader.ReadAsync(late.Token) is var board && board.Tree.Revision > last.Tree.Revision)
                    last = board;
            }

            return last;
        }
        catch (OperationCanceledException cancelled) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"Timed out waiting for: {what}; the last board: {last.Watcher} {string.Join("\n", last.Services)}", cancelled);
        }
    }

    /// <summary>
    /// Many changes, each right after a start, look like a server that writes its own files: then the next one would be held back, and the status says so.
    /// Returns once the service has been ready for so long that its start cannot have caused the next change, and no brief hold is about to end.
    /// </summary>
    public Task StartedLongAgoAsync(string name) => Wait.UntilAsync(
        async () => (await StatusAsync()).Service(name) is { State: ServicePhase.Ready, ReadyAt: { } at } service
            && DateTimeOffset.UtcNow - at > TimeSpan.FromSeconds(service.Stale ? 6 : 3),
        $"the last start of {name} is too long ago to have caused the next change");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _link.DisposeAsync();
        _closing.Dispose();
    }
}

/// <summary>Access to a board by service name.</summary>
internal static class StatusReportExtensions
{
    public static ServiceStatus Service(this StatusReport board, string name) => board.Services.Single(service => service.Name == name);
}
