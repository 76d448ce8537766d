using Supervisor.Stress.Invariants.Backoff;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>No process restarts before its backoff or after the backoff's cap, and no service is given up before it has failed often enough.</summary>
internal sealed class BackoffIsObeyed : IInvariant
{
    /// <summary>The time a start may take on a busy machine, in addition to the backoff.</summary>
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
        _anyDeath ? null : "no process died");

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
