using System.Threading.Channels;

namespace Supervisor.Tree.Harness;

/// <summary>A client of the control pipe that sees boards as they come, of several at once the newest: tests wait for boards, not for time.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private readonly SupervisorClient _client;
    private readonly Task _reading;

    // Only the newest board counts; a full channel forgets older ones.
    private readonly Channel<StatusReport> _boards =
        Channel.CreateBounded<StatusReport>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    private ControlClient(SupervisorClient client, StatusReport first)
    {
        _client = client;
        _boards.Writer.TryWrite(first);
        _reading = ReadAsync();
    }

    /// <summary>Called with each board that is seen, one at a time.</summary>
    public Action<StatusReport>? Seen { get; set; }

    public static async Task<ControlClient> ConnectAsync(string socket)
    {
        var client = await SupervisorClient.ConnectToPipeAsync(socket, TimeProvider.System, CancellationToken.None);
        return new ControlClient(client, await client.SubscribeAsync(CancellationToken.None));
    }

    public async Task<TResult> CallAsync<TResult>(Func<IControl, Task<TResult>> call)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        return await _client.CallAsync((control, _) => call(control), late.Token);
    }

    public Task<StatusReport> StatusAsync() => CallAsync(control => control.StatusAsync());

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
        await _client.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var board in _client.Boards.ReadAllAsync())
        {
            Seen?.Invoke(board);
            _boards.Writer.TryWrite(board);
        }
    }
}

/// <summary>Reading boards by service name.</summary>
internal static class BoardReading
{
    public static ServiceStatus Service(this StatusReport board, string name) => board.Services.Single(service => service.Name == name);
}
