using Supervisor.Wire.Records;

namespace Supervisor.Host.Persistence;

/// <summary>
/// Reports how often the service was started again within the last hour and day. Begins with the ledger that earlier hosts have left. Thread-safe.
/// </summary>
/// <param name="report">Gets the rates at each change.</param>
internal sealed class RateMeter(Action<RestartRates> report, TimeProvider time)
{
    /// <summary>Without a new start the rates only fall, and nobody needs that to the second.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private StartHistory _history = StartHistory.Empty;
    private RestartRates? _reported;

    public void Add(IEnumerable<LedgerEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
                _history = _history.With(entry);

            Report();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);

        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                lock (_lock)
                    Report();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host is shutting down.
        }
    }

    private void Report()
    {
        var rates = _history.RatesAt(time.GetUtcNow());

        if (rates != _reported)
            report(_reported = rates);
    }
}
