namespace Supervisor.Host.Probing;

/// <summary>
/// Probes one server until it is ready, and never after that: a developer reads the server's log. Reports every change of the result once. It has no
/// deadline: the host machine decides how long a server may take to become ready.
/// </summary>
internal sealed class Prober(IProbe probe, Func<Task> onReady, Func<string, Task> onFailed, TimeProvider time)
{
    /// <summary>Runs until the server is ready, or is cancelled (the server ends).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await WaitUntilReadyAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is ending, so its readiness does not matter.
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken stopping)
    {
        string? reported = null;

        for (var pause = ProbeInterval.Initial;
             await ProbeAttempt.RunAsync(probe, probe.AttemptTimeout, time, stopping) is { } failure;
             pause = ProbeInterval.Next(pause))
        {
            if (failure != reported)
                await onFailed(failure);

            reported = failure;
            await Task.Delay(pause, time, stopping);
        }

        await onReady();
    }
}
