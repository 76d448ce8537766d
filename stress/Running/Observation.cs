using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <summary>All observers of a run: begun together, and ended in the order in which what they see comes to rest.</summary>
internal sealed class Observation : IAsyncDisposable
{
    // A night of five-second samples is some ten megabytes; a compressed one must not miss a watcher that lives for two seconds.
    private static readonly TimeSpan SlowSamples = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FastSamples = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly IRecord _record;
    private readonly Stage _stage;
    private readonly LedgerObserver _ledgers;
    private readonly LeftBehindOracle _leftBehind;
    private readonly List<Task> _observers = [];

    private Observation(IRecord record, Stage stage)
    {
        (_record, _stage) = (record, stage);
        _ledgers = new LedgerObserver(record, stage.Project, stage.Tree);
        _leftBehind = new LeftBehindOracle(record, stage.Scene());
    }

    public static Observation Begin(IRecord record, Stage stage, ContentObserver content, RunPlan plan)
    {
        var observation = new Observation(record, stage);
        var ending = observation._ending.Token;
        stage.Tree.Follow(new BoardObserver(record).See);
        var samples = new ProcessSampler(record, stage.Project, () => stage.Tree.Board, plan.RealDuration >= LongRun ? SlowSamples : FastSamples);
        observation._observers.AddRange(
        [
            content.RunAsync(ending), new RequestObserver(record, stage.Project).RunAsync(ending), samples.RunAsync(ending),
            observation._ledgers.RunAsync(ending),
        ]);
        return observation;
    }

    /// <summary>Waits until every change is served or lost, reads the ledgers once more, stops the tree and looks for what outlived it.</summary>
    public async Task ConcludeAsync(ContentObserver content)
    {
        await content.SettleAsync(CancellationToken.None);
        await EndAsync();
        await _ledgers.ReadAsync(CancellationToken.None);
        if (_stage.Tree.Board is { } board)
            await _leftBehind.LookWhileItRunsAsync(board);
        await StopAsync();
        await _leftBehind.LookAsync();
    }

    private async Task StopAsync()
    {
        try
        {
            if (await _stage.Tree.StopAsync() is { ExitCode: not 0 } refusal)
                _record.Tell(new LeftBehindFound(_record.Now, "tree", $"supervisor stop failed: {refusal}"));
        }
        catch (TimeoutException late)
        {
            _record.Tell(new LeftBehindFound(_record.Now, "tree", late.Message));
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
