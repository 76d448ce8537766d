using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// A server is replaced only because a job changed its service's files, or because of a fault of its own server or host. The service that no job changes, and
/// services that reload in place, are replaced only because of their own faults.
/// </summary>
internal sealed class UnaffectedServersStay : IInvariant
{
    private readonly CheckCounter _checks = new();
    private readonly DisruptionLog _disruptions = new();
    private readonly Dictionary<string, ServiceSeen> _known = new(StringComparer.Ordinal);
    private long _explained;

    public string Name => "Unaffected servers keep their pid and generation";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name, $"{VerdictFormat.Count(_checks.Checks)} checks; {VerdictFormat.Count(_explained)} new servers explained, {VerdictFormat.Count(_checks.Violated)} not",
        notApplicable: null);

    public void Apply(RunEvent runEvent)
    {
        _disruptions.Apply(runEvent);

        switch (runEvent)
        {
            case ServiceSeen { Pid: not null } seen:
                Check(seen);
                _known[seen.Service] = seen;
                break;

            // The board may lag behind: the sample counts only when both agree.
            case ProcessSampled sample when Roles.ServiceOfServer(sample.Process) is { } service
                && _known.GetValueOrDefault(service)?.Pid == sample.Pid:
                _checks.Pass();
                break;
        }
    }

    private void Check(ServiceSeen seen)
    {
        if (!_known.TryGetValue(seen.Service, out var before) || (seen.Pid == before.Pid && seen.Generation == before.Generation))
        {
            _checks.Pass();
            return;
        }

        var when = seen.StartedAt is { } started && seen.Pid != before.Pid
            ? new TimeRange(started, started)
            : new TimeRange(before.At, seen.At);

        if (_disruptions.WhyRestarted(seen.Service, when) is not null)
        {
            _explained++;
            _checks.Pass();
            return;
        }

        _checks.Fail(seen.At,
            $"{seen.Service}: pid {before.Pid} became {seen.Pid}, generation {before.Generation} became {seen.Generation}, "
            + "and no job or fault explains it");
    }
}
