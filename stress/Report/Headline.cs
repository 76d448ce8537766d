using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The key figures at the top of the page.</summary>
/// <param name="WatcherDeaths">Watchers that were replaced by another one.</param>
/// <param name="Restarts">Restarts of servers by their generations; <paramref name="RestartsExplained"/>: those that the ledger has too.</param>
internal sealed record Headline(
    int Jobs, int JobsSkipped, int JobsTroubled, int WatcherDeaths, int ParentDeaths, int ChangesServed, int ChangesLost,
    long Requests, long RequestsFailed, int Restarts, int RestartsExplained);

/// <summary>Counts jobs, changes, watchers and parents for the headline.</summary>
internal sealed class HeadlineCount
{
    private int? _watcher;
    private int? _parent;

    public int Jobs { get; private set; }

    public int JobsSkipped { get; private set; }

    public int JobsTroubled { get; private set; }

    public int WatcherDeaths { get; private set; }

    public int ParentDeaths { get; private set; }

    public int ChangesServed { get; private set; }

    public int ChangesLost { get; private set; }

    public void Apply(RunEvent runEvent, WorkCharts work)
    {
        switch (runEvent)
        {
            case JobEnded ended:
                (Jobs, JobsTroubled) = (Jobs + 1, JobsTroubled + (ended.Trouble is null ? 0 : 1));
                break;
            case JobSkipped:
                JobsSkipped++;
                break;
            case ChangeServed:
                ChangesServed++;
                break;
            case ChangeLost:
                ChangesLost++;
                break;
            case WatcherSeen { Pid: { } pid } seen when pid != _watcher:
                if (_watcher is not null)
                {
                    WatcherDeaths++;
                    work.AddWatcherRestart(seen.At);
                }

                _watcher = pid;
                break;
            case ParentSeen seen when seen.Pid != _parent:
                if (_parent is not null)
                {
                    ParentDeaths++;
                    work.AddParentRestart(seen.At);
                }

                _parent = seen.Pid;
                break;
        }
    }
}
