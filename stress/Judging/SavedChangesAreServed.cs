using Supervisor.Stress.Judging.Statistics;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>Every job that has changed a service's files is followed by a server that has read what it wrote, soon.</summary>
internal sealed class SavedChangesAreServed : IInvariant
{
    /// <summary>
    /// The worst that may come together: the service has just failed often (30 s and its jitter), or the watcher hangs (10 s) and the service is held to
    /// one reload in 10 s; then a stop (5 s) and a start on a busy machine.
    /// </summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Tally _tally = new();
    private readonly HashSet<(int Job, string Service)> _owed = [];
    private readonly List<TimeSpan> _latencies = [];
    private bool _anyJob;

    public string Name => "Every saved change is served within the bound";

    public InvariantVerdict Verdict => _tally.Verdict(
        Name, $"{Distribution.Of(_latencies)}; bound {Words.Span(Bound)}", _anyJob ? null : "no job was run");

    public void See(RunEvent happened)
    {
        switch (happened)
        {
            case JobEnded job:
                _anyJob = true;
                _owed.UnionWith(job.Touched.Where(touched => touched.Files > 0).Select(touched => (job.Job, touched.Service)));
                break;

            case ChangeServed served:
                _owed.Remove((served.Job, served.Service));
                _latencies.Add(served.Latency);
                _tally.Check(served.Latency <= Bound, served.At, () =>
                    $"{served.Service} served what job {served.Job} wrote only after {Words.Span(served.Latency)}");
                break;

            case ChangeLost lost:
                _owed.Remove((lost.Job, lost.Service));
                _tally.Fail(lost.At, $"{lost.Service} did not serve what job {lost.Job} wrote, for {Words.Span(lost.Waited)}: {lost.Example}");
                break;

            case RunEnded:
                foreach (var (job, service) in _owed)
                    _tally.Fail(happened.At, $"{service}: nothing is known of what job {job} wrote");

                _owed.Clear();
                break;
        }
    }
}
