using Supervisor.Stress.Invariants.Backoff;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// Nothing comes back sooner than its backoff allows, nothing later than the backoff's cap, and nobody is given up before it
/// has failed often.
/// </summary>
internal sealed class BackoffIsObeyed : IInvariant
{
    /// <summary>What a start may take on a busy machine, beyond the wait for it.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);

    private readonly CheckCounter _checks = new();
    private readonly WatcherBackoff _watcher;
    private readonly Dictionary<string, ServiceBackoff> _services = new(StringComparer.Ordinal);
    private bool _anyDeath;

    public BackoffIsObeyed() => _watcher = new WatcherBackoff(_checks);

    public string Name => "Backoff is obeyed";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name,
        $"{_watcher.Measured}; {VerdictFormat.Count(_services.Values.Sum(service => service.Failures))} failures of servers, at most "
            + $"{_services.Values.Select(service => service.MostInRow).DefaultIfEmpty().Max()} in a row",
        _anyDeath ? null : "nothing has died");

    public void Apply(RunEvent runEvent)
    {
        _anyDeath |= runEvent is FaultEnded { VictimDied: true };
        _watcher.Apply(runEvent);

        switch (runEvent)
        {
            case LedgerEntrySeen seen when seen.Service != Roles.Watcher:
                Of(seen.Service).Apply(seen);
                break;

            case RunEnded ended:
                foreach (var service in _services.Values)
                    service.End(ended.At);

                break;
        }
    }

    private ServiceBackoff Of(string service)
    {
        if (!_services.TryGetValue(service, out var known))
            _services[service] = known = new ServiceBackoff(service, _checks);

        return known;
    }
}
