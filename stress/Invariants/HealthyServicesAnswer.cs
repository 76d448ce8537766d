using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>A request fails only while its service is being reloaded for a job or recovers from its own fault.</summary>
internal sealed class HealthyServicesAnswer : IInvariant
{
    private readonly CheckCounter _checks = new();
    private readonly DisruptionLog _disruptions = new();

    /// <summary>Failures that are not yet decided: those of the last <see cref="DisruptionLog.DecisionDelay"/>.</summary>
    private readonly Queue<RequestFailed> _undecided = new();

    private long _made;
    private long _explained;

    public string Name => "No request to a healthy service fails";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name,
        $"{VerdictFormat.Count(_made)} requests; {VerdictFormat.Count(_explained)} failed during a reload or a fault of their service, "
            + $"{VerdictFormat.Count(_checks.Violated)} without",
        notApplicable: null);

    public void Apply(RunEvent runEvent)
    {
        _disruptions.Apply(runEvent);

        switch (runEvent)
        {
            case RequestsMade requests:
                _made += requests.Made;
                _checks.PassMany(requests.Made - requests.Failed);
                break;

            case RequestFailed failed:
                _undecided.Enqueue(failed);
                break;
        }

        while (_undecided.TryPeek(out var oldest) && (runEvent is RunEnded || runEvent.At >= oldest.At + DisruptionLog.DecisionDelay))
            Decide(_undecided.Dequeue());
    }

    private void Decide(RequestFailed failed)
    {
        if (_disruptions.WhyFailed(failed.Service, new TimeRange(failed.SentAt, failed.At)) is not null)
        {
            _explained++;
            return;
        }

        _checks.Fail(failed.At, $"{failed.Service} failed a request sent {VerdictFormat.Span(failed.At - failed.SentAt)} before: {failed.Error}");
    }
}
