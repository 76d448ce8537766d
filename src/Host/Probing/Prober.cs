namespace Supervisor.Host.Probing;

/// <summary>
/// Asks one server until it is ready, and then, where that is cheap, whether it still is. Tells every change of the answer once. It knows no
/// deadline: how long a server may take to become ready is the host machine's decision.
/// </summary>
internal sealed class Prober(IProbe probe, Func<Task> onReady, Func<string, Task> onMissed, TimeProvider time)
{
    /// <summary>Runs until cancelled (the server ends) or, for a probe that is asked only once, until the server is ready.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await UntilReadyAsync(stopping);

            while (probe.MayBeRepeated)
            {
                await WhileReadyAsync(stopping);
                await UntilReadyAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is ending: whether it was ready is of no interest any more.
        }
    }

    private async Task UntilReadyAsync(CancellationToken stopping)
    {
        string? told = null;

        for (var pause = ProbeRhythm.First; await AskAsync(stopping) is { } miss; pause = ProbeRhythm.After(pause))
        {
            if (miss != told)
                await onMissed(miss);

            told = miss;
            await Task.Delay(pause, time, stopping);
        }

        await onReady();
    }

    private async Task WhileReadyAsync(CancellationToken stopping)
    {
        for (var misses = 0; misses < ProbeRhythm.FailureThreshold;)
        {
            await Task.Delay(ProbeRhythm.WhileReady, time, stopping);

            if (await AskAsync(stopping) is not { } miss)
                misses = 0;
            else if (++misses == ProbeRhythm.FailureThreshold)
                await onMissed(miss);
        }
    }

    private async Task<string?> AskAsync(CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(probe.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);

        try
        {
            return await probe.AttemptAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return $"no answer within {probe.AttemptTimeout.TotalSeconds:0} s";
        }
    }
}
