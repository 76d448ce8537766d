using StreamJsonRpc;

namespace Supervisor.Host.Links;

/// <summary>Asks the tree for the changes that were noticed until now, as any client of the control pipe may.</summary>
internal static class DeliveredChanges
{
    /// <summary>Far longer than changes take to settle.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Returns when this host has them; or when that cannot be known, because no parent runs, changes are held, or they do not settle: then what is told later
    /// counts as a change.
    /// </summary>
    /// <param name="hostPipe">Of this host: the control pipe is beside the folder of all hosts' pipes.</param>
    /// <exception cref="OperationCanceledException">Nobody needs to know any more.</exception>
    public static async Task WaitAsync(string hostPipe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);

        try
        {
            await using var tree = await SupervisorClient.ConnectToPipeAsync(ControlPipe(hostPipe), time, either.Token);
            await tree.CallAsync((control, token) => control.FlushAsync(deliveredOnly: true, token), either.Token);
        }
        catch (Exception failure) when (failure is IOException or RemoteRpcException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // As said above.
        }
    }

    private static string ControlPipe(string hostPipe) => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(hostPipe)!)!, "control.sock");
}
