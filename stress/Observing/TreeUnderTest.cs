using StreamJsonRpc;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>
/// The real tree of a run: started and stopped with its command line, observed through its control pipe. Survives the death of its parent: it subscribes to
/// boards again as soon as a parent answers. Thread-safe.
/// </summary>
internal sealed class TreeUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SubscribeDeadline = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _guard = new();
    private readonly List<BoardWait> _waits = [];
    private SupervisorClient? _client;
    private Action<StatusReport> _onBoard = _ => { };
    private Task _feed = Task.CompletedTask;
    private string _controlSocket = "";

    private sealed record BoardWait(Func<StatusReport, bool> Holds, TaskCompletionSource<StatusReport> Answer)
    {
        public void Show(StatusReport board)
        {
            try
            {
                if (Holds(board))
                    Answer.TrySetResult(board);
            }
            catch (InvalidOperationException wrong)
            {
                Answer.TrySetException(wrong); // The condition names a service that is not on the board: the caller gets the error, the feed continues.
            }
        }
    }

    /// <param name="home">Its folders, environment and the tag of all its processes.</param>
    public TreeUnderTest(TestTree home) => Home = home;

    public TestTree Home { get; }

    /// <summary>The newest board; null before the start.</summary>
    public StatusReport? Board { get; private set; }

    /// <summary>The folder of its sockets and lock while it runs; "" before the start. A stopped tree has removed it.</summary>
    public string RuntimeFolder { get; private set; } = "";

    /// <summary>Starts the tree detached and returns once every service is ready; throws otherwise.</summary>
    public async Task StartAsync()
    {
        await Home.StartAsync();
        RuntimeFolder = Home.RuntimeFolder;
        _controlSocket = Home.ControlSocket;
        _feed = FeedAsync(_closing.Token);
        await WaitForAsync(_ => true, "the first board", TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    /// <summary>Sets the callback for each board, beginning with the newest one; called in order, one at a time. It must be quick.</summary>
    public void Follow(Action<StatusReport> onBoard)
    {
        lock (_guard)
        {
            _onBoard = onBoard;
            if (Board is { } now)
                onBoard(now);
        }
    }

    /// <summary>Starts the tree again after its parent died, as a developer would.</summary>
    public Task<CommandResult> StartAgainAsync() => Home.RunAsync("start", "-d");

    public Task<CommandResult> StopAsync() => Home.RunAsync("stop");

    /// <summary>
    /// Calls the present parent. Throws <see cref="RemoteRpcException"/>, <see cref="IOException"/> or <see cref="OperationCanceledException"/> when it
    /// refuses, goes away or does not answer for two minutes.
    /// </summary>
    public async Task<TResult> CallAsync<TResult>(Func<IControl, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(CallDeadline);
        var client = Volatile.Read(ref _client) ?? throw new IOException("no parent answers at the moment");
        return await client.CallAsync(call, deadline.Token);
    }

    /// <summary>
    /// The first board, beginning with the newest, for which the condition holds. Throws <see cref="TimeoutException"/> with the condition.
    /// </summary>
    public async Task<StatusReport> WaitForAsync(
        Func<StatusReport, bool> holds, string what, TimeSpan within, CancellationToken cancellationToken)
    {
        var wait = new BoardWait(holds, new TaskCompletionSource<StatusReport>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_guard)
        {
            if (Board is { } now)
                wait.Show(now);
            _waits.Add(wait);
        }

        try
        {
            return await wait.Answer.Task.WaitAsync(within, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Timed out after {within.TotalSeconds:0} s: {what}; the watcher was {Board?.Watcher}.", late);
        }
        finally
        {
            lock (_guard)
                _waits.Remove(wait);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _feed;
        await Home.DisposeAsync();
        _closing.Dispose();
    }

    private async Task FeedAsync(CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await SubscribeAsync(closing);
            }
            catch (Exception gone) when (gone is IOException or RemoteRpcException or OperationCanceledException)
            {
                // No parent at the moment, or closing: the loop condition decides.
            }

            await Task.Delay(DialInterval, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SubscribeAsync(CancellationToken closing)
    {
        await using var client = await SupervisorClient.ConnectToPipeAsync(_controlSocket, TimeProvider.System, closing);

        try
        {
            var newest = await SubscribeAsync(client, closing);
            Show(newest);
            Volatile.Write(ref _client, client);
            await foreach (var board in client.Boards.ReadAllAsync(closing))
            {
                // A board may arrive before the response to the subscription, which is older then.
                if (board.Tree.Revision <= newest.Tree.Revision)
                    continue;
                Show(newest = board);
            }
        }
        finally
        {
            Volatile.Write(ref _client, null);
        }
    }

    private static async Task<StatusReport> SubscribeAsync(SupervisorClient client, CancellationToken closing)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(closing);
        deadline.CancelAfter(SubscribeDeadline);
        return await client.SubscribeAsync(deadline.Token);
    }

    private void Show(StatusReport board)
    {
        lock (_guard)
        {
            Board = board;
            _onBoard(board);
            foreach (var wait in _waits)
                wait.Show(board);
        }
    }
}
