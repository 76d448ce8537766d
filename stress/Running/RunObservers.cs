using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <summary>All observers of a run: started together, and stopped in the order in which their sources become quiet.</summary>
internal sealed class RunObservers : IAsyncDisposable
{
    // A night of five-second samples is some ten megabytes; a compressed one must not miss a watcher that lives for two seconds.
    private static readonly TimeSpan SlowSamples = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FastSamples = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly IRecord _record;
    private readonly TestBed _testBed;
    private readonly LedgerObserver _ledgers;
    private readonly LeftoverScanner _leftovers;
    private readonly List<Task> _observers = [];

    private RunObservers(IRecord record, TestBed testBed)
    {
        (_record, _testBed) = (record, testBed);
        _ledgers = new LedgerObserver(record, testBed.Project, testBed.Tree);
        _leftovers = new LeftoverScanner(record, testBed.LeftoverScope());
    }

    public static RunObservers Begin(IRecord record, TestBed testBed, ContentObserver content, RunPlan plan)
    {
        var observers = new RunObservers(record, testBed);
        var ending = observers._ending.Token;
        testBed.Tree.Follow(new BoardObserver(record).Observe);
        var samples = new ProcessSampler(record, testBed.Project, () => testBed.Tree.Board, plan.RealDuration >= LongRun ? SlowSamples : FastSamples);
        observers._observers.AddRange(
        [
            content.RunAsync(ending), new RequestObserver(record, testBed.Project).RunAsync(ending), samples.RunAsync(ending),
            observers._ledgers.RunAsync(ending),
        ]);
        return observers;
    }

    /// <summary>Waits until every change is served or lost, reads the ledgers once more, stops the tree and finds leftovers.</summary>
    public async Task ConcludeAsync(ContentObserver content)
    {
        await content.WaitUntilServedAsync(CancellationToken.None);
        await EndAsync();
        await _ledgers.ReadAsync(CancellationToken.None);
        if (_testBed.Tree.Board is { } board)
            await _leftovers.ScanBeforeStopAsync(board);
        await StopAsync();
        await _leftovers.ScanAsync();
    }

    private async Task StopAsync()
    {
        try
        {
            if (await _testBed.Tree.StopAsync() is { ExitCode: not 0 } refusal)
                _record.Append(new LeftoverFound(_record.Now, "tree", $"supervisor stop failed: {refusal}"));
        }
        catch (TimeoutException late)
        {
            _record.Append(new LeftoverFound(_record.Now, "tree", late.Message));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ending.Dispose();
    }

    private async Task EndAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_observers);
        _observers.Clear();
    }
}
