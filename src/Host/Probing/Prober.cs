namespace Supervisor.Host.Probing;

/// <summary>
/// Probes one server until each of its probes has succeeded once, and never after that: a developer reads the server's log. Reports every change of the
/// result once. It has no deadline: the host machine decides how long a server may take to become ready.
/// </summary>
/// <param name="onFailed">Gets the reasons of all probes that have not succeeded.</param>
internal sealed class Prober(IReadOnlyList<IProbe> probes, Func<Task> onReady, Func<string, Task> onFailed, TimeProvider time)
{
    private readonly Lock _lock = new();

    // By probe; null: it has succeeded, or has not said anything yet.
    private readonly string?[] _failures = new string?[probes.Count];

    /// <summary>Runs until the server is ready, or is cancelled (the server ends).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(probes.Select((probe, index) => WaitUntilReadyAsync(probe, index, stopping)));
            await onReady();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is ending, so its readiness does not matter.
        }
    }

    private async Task WaitUntilReadyAsync(IProbe probe, int index, CancellationToken stopping)
    {
        if (probe.WaitsFor is { } what)
            await ReportAsync(index, what);

        for (var pause = ProbeInterval.Initial;
             await ProbeAttempt.RunAsync(probe, probe.AttemptTimeout, time, stopping) is { } failure;
             pause = ProbeInterval.Next(pause))
        {
            await ReportAsync(index, failure);
            await Task.Delay(pause, time, stopping);
        }

        await ReportAsync(index, failure: null);
    }

    private Task ReportAsync(int index, string? failure)
    {
        lock (_lock)
        {
            if (_failures[index] == failure)
                return Task.CompletedTask;

            _failures[index] = failure;
            var open = _failures.OfType<string>().ToArray();
            return open.Length == 0 ? Task.CompletedTask : onFailed(string.Join("; ", open));
        }
    }
}
