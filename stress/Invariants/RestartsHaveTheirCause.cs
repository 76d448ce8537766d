using Supervisor.Stress.Invariants.Causes;
using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// Every entry of the restart ledgers, and every death of a watcher, has a cause in the run; and every fault that killed a process is in a ledger.
/// </summary>
internal sealed class RestartsHaveTheirCause : IInvariant
{
    private readonly CheckCounter _checks = new();
    private readonly DisruptionLog _disruptions = new();
    private readonly InjectedFaults _faults = new();
    private readonly WatcherCauses _watcher;
    private readonly Dictionary<string, ServiceCauses> _services = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _entries = new(StringComparer.Ordinal);
    private TimeSpan _began;
    private bool _anyReason;

    public RestartsHaveTheirCause() => _watcher = new WatcherCauses(_faults, _checks);

    public string Name => "The event log tells every restart with its cause";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name,
        _entries.Count == 0 ? "no entries" : string.Join(", ", _entries.Select(entry => $"{entry.Key} {VerdictFormat.Count(entry.Value)}")),
        _anyReason ? null : "nothing gave a reason for a restart");

    public void Apply(RunEvent runEvent)
    {
        _disruptions.Apply(runEvent);
        _faults.Apply(runEvent);
        _watcher.Apply(runEvent);

        switch (runEvent)
        {
            case RunBegan began:
                Begin(began);
                break;

            case JobBegan or FaultBegan:
                _anyReason = true;
                break;

            // Entries from the start of the tree need no further cause.
            case LedgerEntrySeen { Service: Roles.Watcher } seen when seen.HappenedAt > _began:
                Count($"watcher {seen.Entry.Event} {seen.Entry.Cause}");
                break;

            case LedgerEntrySeen seen when seen.HappenedAt > _began && _services.TryGetValue(seen.Service, out var service):
                Count($"{seen.Entry.Event} {seen.Entry.Cause}");
                service.Apply(seen);
                break;

            case FaultEnded ended when _faults.Find(ended.Fault) is { Began.Service: { } victim } fault:
                _services.GetValueOrDefault(victim)?.NoteDisruption(fault);
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
            _services[facts.Name] = new ServiceCauses(facts.Name, _disruptions, _faults, _checks);
    }

    private void Count(string what) => _entries[what] = _entries.GetValueOrDefault(what) + 1;
}
