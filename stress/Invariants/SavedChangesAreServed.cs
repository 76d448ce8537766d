using Supervisor.Stress.Invariants.Statistics;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>
/// Every job that has changed a service's files is followed by a server that has read what it wrote, soon. The observer, who
/// sees the content, gives a change up at its bound; that no later bound has crept in there is checked here, from the last job
/// that left the service's files in peace.
/// </summary>
internal sealed class SavedChangesAreServed : IInvariant
{
    /// <summary>Two looks at a server's content.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private readonly CheckCounter _checks = new();
    private readonly HashSet<(int Job, string Service)> _owed = [];
    /// <summary>
    /// Answered before the job's end was told: the two come from different threads. A lost whole, which nobody owed, stays here
    /// for good.
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
                Owe(job);
                break;

            case ChangeServed served:
                Answer(served.Job, served.Service);
                _latencies.Add(served.Latency);
                Judge(served);
                break;

            case ChangeLost lost:
                Answer(lost.Job, lost.Service);
                _checks.Fail(lost.At,
                    $"{lost.Service} did not serve what job {lost.Job} wrote, for {VerdictFormat.Span(lost.Waited)}: {lost.Example}");
                break;

            case RunEnded:
                foreach (var (job, service) in _owed)
                    _checks.Fail(runEvent.At, $"{service}: nothing is known of what job {job} wrote");

                _owed.Clear();
                break;
        }
    }

    private void Owe(JobEnded job)
    {
        foreach (var touched in job.Touched)
        {
            _quietSince[touched.Service] = job.At;

            if (!_early.Remove((job.Job, touched.Service)) && touched.Files > 0)
                _owed.Add((job.Job, touched.Service));
        }
    }

    private void Answer(int job, string service)
    {
        if (!_owed.Remove((job, service)))
            _early.Add((job, service));
    }

    private void Judge(ChangeServed served)
    {
        var waited = served.At - _quietSince.GetValueOrDefault(served.Service, served.At);
        _checks.Check(waited <= PendingChanges.DisturbedBound + Rounding, served.At, () =>
            $"{served.Service} served what job {served.Job} wrote only {VerdictFormat.Span(waited)} after the last job on it");
    }
}
