using StreamJsonRpc;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>
/// The real tree of a run: started and stopped by its command line, seen through its control pipe. Survives the death of its parent: the feed of boards
/// is taken up again as soon as somebody answers. Thread-safe.
/// </summary>
internal sealed class TreeUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SubscribeDeadline = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _guard = new();
    private readonly List<Watch> _watches = [];
    private SupervisorClient? _client;
    private Action<StatusReport> _onBoard = _ => { };
    private Task _feed = Task.CompletedTask;
    private string _controlSocket = "";

    private sealed record Watch(Func<StatusReport, bool> Holds, TaskCompletionSource<StatusReport> Answer)
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
                Answer.TrySetException(wrong); // It asks for a service that is not on the board: the caller learns it, the feed goes on.
            }
        }
    }

    /// <param name="home">Its folders, its environment and the mark that all its processes carry.</param>
    public TreeUnderTest(TestTree home) => Home = home;

    public TestTree Home { get; }

    /// <summary>The newest board; null before the start.</summary>
    public StatusReport? Board { get; private set; }

    /// <summary>Where its sockets and its lock are while it runs; "" before the start. A tree that was stopped has taken it away.</summary>
    public string RuntimeFolder { get; private set; } = "";

    /// <summary>Starts the tree detached and returns once every service is ready. Throws where one is not.</summary>
    public async Task StartAsync()
    {
        await Home.StartAsync();
        RuntimeFolder = Home.RuntimeFolder;
        _controlSocket = Home.ControlSocket;
        _feed = FeedAsync(_closing.Token);
        await WaitForAsync(_ => true, "the first board", TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    /// <summary>From now on it is called with each board, the newest first of all, one at a time, in order. It must be quick.</summary>
    public void Follow(Action<StatusReport> onBoard)
    {
        lock (_guard)
        {
            _onBoard = onBoard;
            if (Board is { } now)
                onBoard(now);
        }
    }

    /// <summary>What a developer does whose parent is gone: the same command again.</summary>
    public Task<CommandResult> StartAgainAsync() => Home.RunAsync("start", "-d");

    public Task<CommandResult> StopAsync() => Home.RunAsync("stop");

    /// <summary>Asks the parent of the moment. Throws <see cref="RemoteRpcException"/>, <see cref="IOException"/> or <see cref="OperationCanceledException"/>
    /// where it refuses, goes away or says nothing for two minutes.</summary>
    public async Task<TResult> CallAsync<TResult>(Func<IControl, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(CallDeadline);
        var client = Volatile.Read(ref _client) ?? throw new IOException("no parent answers just now");
        return await client.CallAsync(call, deadline.Token);
    }

    /// <summary>The first board, from the newest on, for which the condition holds. Throws <see cref="TimeoutException"/> that says what was awaited.</summary>
    public async Task<StatusReport> WaitForAsync(
        Func<StatusReport, bool> holds, string what, TimeSpan within, CancellationToken cancellationToken)
    {
        var watch = new Watch(holds, new TaskCompletionSource<StatusReport>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_guard)
        {
            if (Board is { } now)
                watch.Show(now);
            _watches.Add(watch);
        }

        try
        {
            return await watch.Answer.Task.WaitAsync(within, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited {within.TotalSeconds:0} s in vain: {what}; the watcher was {Board?.Watcher}.", late);
        }
        finally
        {
            lock (_guard)
                _watches.Remove(watch);
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
                // No parent just now, or we close: the loop tells which.
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
                // A board may overtake the answer to the subscription: the answer was older news then.
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
            foreach (var watch in _watches)
                watch.Show(board);
        }
    }
}
