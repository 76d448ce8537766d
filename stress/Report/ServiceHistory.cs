using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The generations, restarts with their causes, and requests of one service.</summary>
internal sealed class ServiceHistory
{
    private readonly SortedSet<int> _generations = [];
    private readonly HashSet<int> _ledgerGenerations = [];
    private readonly SortedDictionary<string, int> _restarts = new(StringComparer.Ordinal);
    private long _requests;
    private long _failed;
    private TimeSpan _slowest;

    /// <summary>Generations that followed another one.</summary>
    public int Restarts => Math.Max(0, _generations.Count - 1);

    /// <summary>Those that the ledger has.</summary>
    public int Explained => _generations.Skip(1).Count(_ledgerGenerations.Contains);

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case ServiceSeen { Generation: > 0 } seen:
                _generations.Add(seen.Generation);
                break;
            case LedgerEntrySeen seen:
                _ledgerGenerations.Add(seen.Entry.Generation);
                if (RestartEntries.IsRestart(seen))
                    _restarts[seen.Entry.Cause] = _restarts.GetValueOrDefault(seen.Entry.Cause) + 1;
                break;
            case RequestsMade made:
                (_requests, _failed) = (_requests + made.Made, _failed + made.Failed);
                _slowest = made.Slowest > _slowest ? made.Slowest : _slowest;
                break;
        }
    }

    public ServiceRow Row(ServiceFacts facts, long? peakBytes) =>
        new(facts, _generations.Count, _restarts, _requests, _failed, _slowest, peakBytes);
}
