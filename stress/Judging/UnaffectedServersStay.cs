using Supervisor.Stress.Judging.Disturbing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>
/// A server is another process than before only because a job had its service's files, or because of a fault of its own server
/// or host. The service that no job touches, and the ones that reload in place, change by their own faults alone.
/// </summary>
internal sealed class UnaffectedServersStay : IInvariant
{
    private readonly Tally _tally = new();
    private readonly Disturbances _disturbances = new();
    private readonly Dictionary<string, ServiceSeen> _known = new(StringComparer.Ordinal);
    private long _explained;

    public string Name => "Unaffected servers keep their pid and generation";

    public InvariantVerdict Verdict => _tally.Verdict(
        Name, $"{Words.Count(_tally.Checks)} looks; {Words.Count(_explained)} new servers explained, {Words.Count(_tally.Violated)} not",
        notApplicable: null);

    public void See(RunEvent happened)
    {
        _disturbances.See(happened);

        switch (happened)
        {
            case ServiceSeen { Pid: not null } seen:
                Look(seen);
                _known[seen.Service] = seen;
                break;

            // The board may be behind: only what both say is a look.
            case ProcessSampled sample when Roles.ServiceOfServer(sample.Process) is { } service
                && _known.GetValueOrDefault(service)?.Pid == sample.Pid:
                _tally.Pass();
                break;
        }
    }

    private void Look(ServiceSeen seen)
    {
        if (!_known.TryGetValue(seen.Service, out var before) || (seen.Pid == before.Pid && seen.Generation == before.Generation))
        {
            _tally.Pass();
            return;
        }

        var when = seen.StartedAt is { } started && seen.Pid != before.Pid
            ? new Stretch(started, started)
            : new Stretch(before.At, seen.At);

        if (_disturbances.WhyRestarted(seen.Service, when) is not null)
        {
            _explained++;
            _tally.Pass();
            return;
        }

        _tally.Fail(seen.At,
            $"{seen.Service}: pid {before.Pid} became {seen.Pid}, generation {before.Generation} became {seen.Generation}, "
            + "and nothing had touched it");
    }
}
