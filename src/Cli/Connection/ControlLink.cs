using System.Threading.Channels;
using StreamJsonRpc;

namespace Supervisor.Cli.Connection;

/// <summary>The command line's link to a running parent. Errors come out as <see cref="CommandFailure"/>, in words. Any thread.</summary>
internal sealed class ControlLink(SupervisorClient client) : IAsyncDisposable
{
    private static readonly TimeSpan EndingDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndingPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The board when the link was made.</summary>
    public StatusReport First { get; private set; } = null!;

    public IReadOnlyList<string> Services => [.. First.Services.Select(s => s.Name)];

    /// <summary>Boards as they change, for a link that follows; completes when the link ends.</summary>
    public ChannelReader<StatusReport> Boards => client.Boards;

    public Task Ended => client.Ended;

    /// <returns>null when no tree runs.</returns>
    /// <param name="follows">To get boards as they change.</param>
    /// <param name="within">For the first answer.</param>
    public static async Task<ControlLink?> TryConnectAsync(
        Checkout checkout, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); ; await Task.Delay(EndingPause, time, cancellationToken))
        {
            try
            {
                return await TryConnectOnceAsync(checkout, follows, within, time, cancellationToken);
            }
            catch (CommandFailure failure) when (failure.InnerException is LinkEndedException && time.GetElapsedTime(since) < EndingDeadline)
            {
                // A tree that is just ending still took the connection: in a moment it is gone. One that serves too many may soon serve one less.
            }
        }
    }

    public static async Task<ControlLink> ConnectAsync(
        Checkout checkout, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken) =>
        await TryConnectAsync(checkout, follows, within, time, cancellationToken) ?? throw checkout.NotRunning();

    public async Task<TResult> AskAsync<TResult>(Func<IControl, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CallAsync(call, cancellationToken);
        }
        catch (RemoteRpcException e)
        {
            var isUnknown = (int?)e.ErrorCode == ErrorCode.NoSuchService;
            throw new CommandFailure(isUnknown ? ExitCode.NoSuchService : ExitCode.Failed, e.Message, inner: e);
        }
        catch (LinkEndedException e)
        {
            var what = e.Refusal is null ? "The tree went away before it answered; \"supervisor status\" shows what is left." : e.Message;
            throw new CommandFailure(ExitCode.Failed, what, inner: e);
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static async Task<ControlLink?> TryConnectOnceAsync(
        Checkout checkout, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var link = new ControlLink(await SupervisorClient.ConnectToPipeAsync(checkout.Runtime.ControlSocket, time, cancellationToken));

            if (await link.GreetAsync(follows, within, time, cancellationToken))
                return link;

            await link.DisposeAsync();
            throw NotResponding(checkout, within);
        }
        catch (PipeUnavailableException e) when (e.Reason is PipeUnavailable.NotThere or PipeUnavailable.Refused)
        {
            return null;
        }
        catch (PipeUnavailableException)
        {
            throw NotResponding(checkout, within);
        }
    }

    /// <returns>false when nobody answered in time: a listening socket accepts even for a parent that is stopped.</returns>
    private async Task<bool> GreetAsync(bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            First = await AskAsync((control, token) => follows ? control.SubscribeAsync(token) : control.StatusAsync(token), either.Token);
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

    private static CommandFailure NotResponding(Checkout checkout, TimeSpan within) => new(
        ExitCode.Failed,
        $"The parent of {checkout.ConfigPath} is not responding (waited {within.TotalSeconds:0} s). It may be stopped or hung; "
        + "its servers go on. If it does not come back, kill the supervisor-parent process and run \"supervisor start\": the servers are adopted.");
}
