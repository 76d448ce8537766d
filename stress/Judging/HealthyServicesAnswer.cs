using Supervisor.Stress.Judging.Disturbing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>A request fails only while its service is being reloaded for a job or recovers from a fault of its own.</summary>
internal sealed class HealthyServicesAnswer : IInvariant
{
    private readonly Tally _tally = new();
    private readonly Disturbances _disturbances = new();

    /// <summary>As many as can fail within <see cref="Disturbances.Patience"/>.</summary>
    private readonly Queue<RequestFailed> _undecided = new();

    private long _made;
    private long _explained;

    public string Name => "No request to a healthy service fails";

    public InvariantVerdict Verdict => _tally.Verdict(
        Name,
        $"{Words.Count(_made)} requests; {Words.Count(_explained)} failed during a reload or a fault of their service, "
            + $"{Words.Count(_tally.Violated)} without",
        notApplicable: null);

    public void See(RunEvent happened)
    {
        _disturbances.See(happened);

        switch (happened)
        {
            case RequestsMade requests:
                _made += requests.Made;
                _tally.PassMany(requests.Made - requests.Failed);
                break;

            case RequestFailed failed:
                _undecided.Enqueue(failed);
                break;
        }

        while (_undecided.TryPeek(out var oldest) && (happened is RunEnded || happened.At >= oldest.At + Disturbances.Patience))
            Decide(_undecided.Dequeue());
    }

    private void Decide(RequestFailed failed)
    {
        if (_disturbances.WhyFailed(failed.Service, new Stretch(failed.SentAt, failed.At)) is not null)
        {
            _explained++;
            return;
        }

        _tally.Fail(failed.At, $"{failed.Service} failed a request sent {Words.Span(failed.At - failed.SentAt)} before: {failed.Error}");
    }
}
