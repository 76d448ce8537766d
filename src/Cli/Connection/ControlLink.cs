using System.Threading.Channels;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;

namespace Supervisor.Cli.Connection;

/// <summary>The command line's link to a running parent. Errors come out as <see cref="CommandFailure"/>, in words. Any thread.</summary>
internal sealed class ControlLink : IAsyncDisposable
{
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndingDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndingPause = TimeSpan.FromMilliseconds(20);

    // Full means that boards come faster than we show them: only the newest is true, so it replaces the older one.
    private readonly Channel<StatusReport> _boards = Channel.CreateBounded<StatusReport>(
        new BoundedChannelOptions(capacity: 1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly CancellationTokenSource _closing = new();
    private readonly RpcPeer _peer;
    private readonly Task _running;

    private ControlLink(Stream stream, TimeProvider time)
    {
        _peer = new RpcPeer(stream, RpcMethods.None.On(ControlPipe.Board, OnBoardAsync), time);
        _running = RunAsync();
    }

    /// <summary>The board when the link was made.</summary>
    public StatusReport First { get; private set; } = null!;

    public IReadOnlyList<string> Services => [.. First.Services.Select(s => s.Name)];

    /// <summary>Boards as they change, for a link that asked for them; completes when the link ends.</summary>
    public ChannelReader<StatusReport> Boards => _boards.Reader;

    public Task Ended => _running;

    /// <returns>null when no tree runs.</returns>
    /// <param name="hello">What to ask first: status, or subscribe to get boards as well.</param>
    public static async Task<ControlLink?> TryConnectAsync(
        Checkout checkout, RpcMethod<Nothing, StatusReport> hello, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); ; await Task.Delay(EndingPause, time, cancellationToken))
        {
            try
            {
                return await TryConnectOnceAsync(checkout, hello, time, cancellationToken);
            }
            catch (CommandFailure failure) when (failure.InnerException is LinkEndedException && time.GetElapsedTime(since) < EndingDeadline)
            {
                // A tree that is just ending still took the connection: in a moment it is gone.
            }
        }
    }

    private static async Task<ControlLink?> TryConnectOnceAsync(
        Checkout checkout, RpcMethod<Nothing, StatusReport> hello, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await PipeClient.ConnectAsync(checkout.Runtime.ControlSocket, ConnectDeadline, time, cancellationToken);
            var link = new ControlLink(stream, time);

            if (await link.GreetAsync(hello, time, cancellationToken))
                return link;

            await link.DisposeAsync();
            throw NotResponding(checkout);
        }
        catch (PipeUnavailableException e) when (e.Reason is PipeUnavailable.NotThere or PipeUnavailable.Refused)
        {
            return null;
        }
        catch (PipeUnavailableException)
        {
            throw NotResponding(checkout);
        }
    }

    public static async Task<ControlLink> ConnectAsync(
        Checkout checkout, RpcMethod<Nothing, StatusReport> hello, TimeProvider time, CancellationToken cancellationToken) =>
        await TryConnectAsync(checkout, hello, time, cancellationToken) ?? throw checkout.NotRunning();

    public async Task<TResult> AskAsync<TParams, TResult>(
        RpcMethod<TParams, TResult> method, TParams parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await _peer.CallAsync(method, parameters, cancellationToken);
        }
        catch (RpcException e)
        {
            throw new CommandFailure(e.Code == ErrorCode.NoSuchService ? ExitCode.NoSuchService : ExitCode.Failed, e.Message, inner: e);
        }
        catch (LinkEndedException e)
        {
            throw new CommandFailure(ExitCode.Failed, "The tree went away before it answered; \"supervisor status\" shows what is left.", inner: e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _peer.DisposeAsync();
        _closing.Dispose();
    }

    /// <returns>false when nobody answered in time: a listening socket accepts even for a parent that is stopped.</returns>
    private async Task<bool> GreetAsync(RpcMethod<Nothing, StatusReport> hello, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ConnectDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            First = await AskAsync(hello, Nothing.Instance, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return false;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync()
    {
        await _peer.RunAsync(_closing.Token);
        _boards.Writer.TryComplete();
    }

    private async Task OnBoardAsync(StatusReport board, RpcPeer peer, CancellationToken stopping) =>
        await _boards.Writer.WriteAsync(board, stopping);

    private static CommandFailure NotResponding(Checkout checkout) => new(
        ExitCode.Failed,
        $"The parent of {checkout.ConfigPath} is not responding (waited {ConnectDeadline.TotalSeconds:0} s). It may be stopped or hung; "
        + "its servers go on. If it does not come back, kill the supervisor-parent process and run \"supervisor start\": the servers are adopted.");
}
