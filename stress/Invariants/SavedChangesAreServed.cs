using Supervisor.Stress.Invariants.Statistics;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// Every change of a job is served within the bound. The observer of contents declares a change lost at its bound; this invariant checks the bound again,
/// counted from the last job that changed the service's files.
/// </summary>
internal sealed class SavedChangesAreServed : IInvariant
{
    /// <summary>The interval between two reads of a server's content.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private readonly CheckCounter _checks = new();
    private readonly HashSet<(int Job, string Service)> _pending = [];
    /// <summary>
    /// Served before the end of the job was recorded: the two come from different threads. A loss that belongs to no pending change also stays here.
    /// </summary>
    private readonly HashSet<(int Job, string Service)> _early = [];

    private readonly List<TimeSpan> _latencies = [];
    private readonly Dictionary<string, TimeSpan> _quietSince = new(StringComparer.Ordinal);
    private bool _anyJob;

    public string Name => "Every saved change is served within the bound";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name,
        $"{Distribution.Of(_latencies)}; bound {VerdictFormat.Span(PendingChanges.QuietBound)}, "
            + $"under faults {VerdictFormat.Span(PendingChanges.DisturbedBound)}",
        _anyJob ? null : "no job was run");

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case JobEnded job:
                _anyJob = true;
                Expect(job);
                break;

            case ChangeServed served:
                Settle(served.Job, served.Service);
                _latencies.Add(served.Latency);
                Check(served);
                break;

            case ChangeLost lost:
                Settle(lost.Job, lost.Service);
                _checks.Fail(lost.At,
                    $"{lost.Service} did not serve the changes of job {lost.Job} within {VerdictFormat.Span(lost.Waited)}: {lost.Example}");
                break;

            case RunEnded:
                foreach (var (job, service) in _pending)
                    _checks.Fail(runEvent.At, $"{service}: it is unknown whether the changes of job {job} were served");

                _pending.Clear();
                break;
        }
    }

    private void Expect(JobEnded job)
    {
        foreach (var touched in job.Touched)
        {
            _quietSince[touched.Service] = job.At;

            if (!_early.Remove((job.Job, touched.Service)) && touched.Files > 0)
                _pending.Add((job.Job, touched.Service));
        }
    }

    private void Settle(int job, string service)
    {
        if (!_pending.Remove((job, service)))
            _early.Add((job, service));
    }

    private void Check(ChangeServed served)
    {
        var waited = served.At - _quietSince.GetValueOrDefault(served.Service, served.At);
        _checks.Check(waited <= PendingChanges.DisturbedBound + Rounding, served.At, () =>
            $"{served.Service} served the changes of job {served.Job} only {VerdictFormat.Span(waited)} after the last job on it");
    }
}
