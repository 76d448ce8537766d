using System.Threading.Channels;
using StreamJsonRpc;
using Supervisor.Wire.Pipes;

namespace Supervisor.Cli.Connection;

/// <summary>The command line's link to a running parent. Errors are thrown as <see cref="CommandFailure"/> with a message. Any thread.</summary>
internal sealed class ControlLink(SupervisorClient client) : IAsyncDisposable
{
    private static readonly TimeSpan EndingDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndingPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A parent whose pipe has lost its name binds it anew within <see cref="NameKeeper.Period"/>.</summary>
    private static readonly TimeSpan RestoreDeadline = NameKeeper.Period + TimeSpan.FromSeconds(3);

    /// <summary>The board at the time of the connection.</summary>
    public StatusReport InitialStatus { get; private set; } = null!;

    public IReadOnlyList<string> Services => [.. InitialStatus.Services.Select(s => s.Name)];

    public ServiceNames Names => new(Services, InitialStatus.Tree.Groups ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    /// <summary>Boards as they change, for a link that follows; completes when the link ends.</summary>
    public ChannelReader<StatusReport> Boards => client.Boards;

    public Task Ended => client.Ended;

    /// <returns>null when no tree runs.</returns>
    /// <param name="follows">Subscribe to the boards.</param>
    /// <param name="within">For the first answer.</param>
    public static async Task<ControlLink?> TryConnectAsync(
        TreeLocation location, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); ; await Task.Delay(EndingPause, time, cancellationToken))
        {
            try
            {
                var link = await TryConnectOnceAsync(location, follows, within, time, cancellationToken);

                if (link is not null || !location.Runtime.HasParent || time.GetElapsedTime(since) > RestoreDeadline)
                    return link;
            }
            catch (CommandFailure failure) when (failure.InnerException is LinkEndedException && time.GetElapsedTime(since) < EndingDeadline)
            {
                // A tree that is ending accepts connections until it has ended. One with too many connections may soon have one less.
            }
        }
    }

    public static async Task<ControlLink> ConnectAsync(
        TreeLocation location, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken) =>
        await TryConnectAsync(location, follows, within, time, cancellationToken) ?? throw location.NotRunning();

    public async Task<TResult> AskAsync<TResult>(Func<IControl, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CallAsync(call, cancellationToken);
        }
        catch (RemoteRpcException e)
        {
            throw (int?)e.ErrorCode switch
            {
                ErrorCode.NoSuchService => new CommandFailure(ExitCode.NoSuchService, e.Message, inner: e),
                ErrorCode.InvalidConfiguration => new CommandFailure(
                    ExitCode.BadConfig, "The configuration has mistakes; nothing was changed:", e.Message.Split('\n'), e),
                _ => new CommandFailure(ExitCode.Failed, e.Message, inner: e),
            };
        }
        catch (LinkEndedException e)
        {
            var what = e.Refusal is null ? "The tree ended before it answered; \"supervisor status\" shows what still runs." : e.Message;
            throw new CommandFailure(ExitCode.Failed, what, inner: e);
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static async Task<ControlLink?> TryConnectOnceAsync(
        TreeLocation location, bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var link = new ControlLink(await SupervisorClient.ConnectToPipeAsync(location.Runtime.ControlSocket, time, cancellationToken));

            if (await link.GreetAsync(follows, within, time, cancellationToken))
                return link;

            await link.DisposeAsync();
            throw NotResponding(location, within);
        }
        catch (PipeUnavailableException e) when (e.Reason is PipeUnavailable.NotThere or PipeUnavailable.Refused)
        {
            return null;
        }
        catch (PipeUnavailableException)
        {
            throw NotResponding(location, within);
        }
    }

    /// <returns>false: no answer in time. A listening socket accepts connections even for a stopped parent.</returns>
    private async Task<bool> GreetAsync(bool follows, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            InitialStatus = await AskAsync((control, token) => follows ? control.SubscribeAsync(token) : control.StatusAsync(token), either.Token);
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

    private static CommandFailure NotResponding(TreeLocation location, TimeSpan within) => new(
        ExitCode.Failed,
        $"The parent of {location.ConfigPath} is not responding (waited {within.TotalSeconds:0} s). It may be stopped or hung; "
        + "its servers keep running. If it does not come back, kill the supervisor-parent process and run \"supervisor start\": the servers are adopted.");
}
