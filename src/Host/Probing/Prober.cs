namespace Supervisor.Host.Probing;

/// <summary>
/// Probes one server until each of its probes has succeeded, and never after that: a developer reads the server's log. Reports every change of the
/// result once. It has no deadline: the host machine decides how long a server may take to become ready.
/// </summary>
/// <param name="onFailed">Gets the reasons of all probes that have not succeeded.</param>
internal sealed class Prober(IReadOnlyList<IProbe> probes, ProbePace pace, Func<Task> onReady, Func<string, Task> onFailed, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly bool[] _succeeded = new bool[probes.Count];

    // By probe; null: it has succeeded, or has not said anything yet.
    private readonly string?[] _failures = new string?[probes.Count];

    private bool _isReady;

    /// <summary>Runs until the server is ready, or is cancelled (the server ends).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(probes.Select((probe, index) => WaitUntilReadyAsync(probe, index, stopping)));
            _isReady = true;
            await onReady();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is ending, so its readiness does not matter.
        }
    }

    /// <summary>For a server that has ended, once all that it said has been read: it may have become ready by its last words.</summary>
    public Task ReportLastWordsAsync() =>
        !_isReady && probes.Select((probe, index) => _succeeded[index] || probe.HasCome).All(it => it) ? onReady() : Task.CompletedTask;

    private async Task WaitUntilReadyAsync(IProbe probe, int index, CancellationToken stopping)
    {
        if (probe.WaitsFor is { } what)
        {
            await ReportAsync(index, what);
            await probe.AttemptAsync(stopping);
        }
        else
        {
            await AskUntilReadyAsync(probe, index, stopping);
        }

        _succeeded[index] = true;
        await ReportAsync(index, failure: null);
    }

    private async Task AskUntilReadyAsync(IProbe probe, int index, CancellationToken stopping)
    {
        if (pace.Delay > TimeSpan.Zero)
            await Task.Delay(pace.Delay, time, stopping);

        var successes = 0;

        for (var pause = pace.Interval ?? ProbeInterval.Initial; ; pause = pace.Interval ?? ProbeInterval.Next(pause))
        {
            var failure = await ProbeAttempt.RunAsync(probe, probe.AttemptTimeout, time, stopping);
            successes = failure is null ? successes + 1 : 0;

            if (successes == pace.Successes)
                return;

            await ReportAsync(index, failure ?? $"{successes} of {pace.Successes} successes in a row");
            await Task.Delay(pause, time, stopping);
        }
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
