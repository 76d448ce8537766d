using Supervisor.Stress.Judging.Causes;
using Supervisor.Stress.Judging.Disturbing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>
/// Every entry of the restart ledgers, and every death of a watcher, has the cause that the run has given it; and every killing
/// fault is told.
/// </summary>
internal sealed class RestartsHaveTheirCause : IInvariant
{
    private readonly Tally _tally = new();
    private readonly Disturbances _disturbances = new();
    private readonly InjectedFaults _faults = new();
    private readonly WatcherCauses _watcher;
    private readonly Dictionary<string, ServiceCauses> _services = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _told = new(StringComparer.Ordinal);
    private TimeSpan _began;
    private bool _anyReason;

    public RestartsHaveTheirCause() => _watcher = new WatcherCauses(_faults, _tally);

    public string Name => "The event log tells every restart with its cause";

    public InvariantVerdict Verdict => _tally.Verdict(
        Name,
        _told.Count == 0 ? "no entries" : string.Join(", ", _told.Select(told => $"{told.Key} {Words.Count(told.Value)}")),
        _anyReason ? null : "nothing was a reason for a restart");

    public void See(RunEvent happened)
    {
        _disturbances.See(happened);
        _faults.See(happened);
        _watcher.See(happened);

        switch (happened)
        {
            case RunBegan began:
                Begin(began);
                break;

            case JobBegan or FaultBegan:
                _anyReason = true;
                break;

            // Entries of the start have no other cause than the start.
            case LedgerSaid { Service: Roles.Watcher } said when said.HappenedAt > _began:
                Count($"watcher {said.Entry.Event} {said.Entry.Cause}");
                break;

            case LedgerSaid said when said.HappenedAt > _began && _services.TryGetValue(said.Service, out var service):
                Count($"{said.Entry.Event} {said.Entry.Cause}");
                service.See(said);
                break;

            case FaultEnded ended when _faults.Find(ended.Fault) is { Began.Service: { } victim } fault:
                _services.GetValueOrDefault(victim)?.Struck(fault);
                break;

            case RunEnded ended:
                _watcher.End(ended.At);

                foreach (var service in _services.Values)
                    service.End(ended.At);

                break;
        }
    }

    private void Begin(RunBegan began)
    {
        _began = began.At;

        foreach (var facts in began.Services)
            _services[facts.Name] = new ServiceCauses(facts.Name, _disturbances, _faults, _tally);
    }

    private void Count(string what) => _told[what] = _told.GetValueOrDefault(what) + 1;
}
