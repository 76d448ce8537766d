using System.Diagnostics;
using System.Threading.Channels;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <summary>The record of a run in progress: takes events from every thread; one loop writes them and passes them to the folds, in one order.</summary>
/// <param name="folds">Invariants and live view: each gets every event, on the loop's thread.</param>
internal sealed class RunRecord(RecordFile file, IReadOnlyList<Action<RunEvent>> folds) : IRecord, IDisposable
{
    // A run has some tens of events a second. Full means that the disk or a fold has been stuck for minutes: the run can no longer be trusted.
    private readonly Channel<RunEvent> _events = Channel.CreateBounded<RunEvent>(
        new BoundedChannelOptions(capacity: 16_384) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _broken = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    /// <summary>Cancelled when the record can no longer be written: the run must end.</summary>
    public CancellationToken Broken => _broken.Token;

    public void Append(RunEvent runEvent)
    {
        if (!_events.Writer.TryWrite(runEvent))
            _broken.Cancel();
    }

    /// <summary>Ends the record: <see cref="RunAsync"/> handles the remaining events and returns.</summary>
    public void Complete() => _events.Writer.TryComplete();

    /// <param name="whenIdle">Called after each event that has no successor yet.</param>
    public async Task RunAsync(Action whenIdle)
    {
        try
        {
            await foreach (var runEvent in _events.Reader.ReadAllAsync(CancellationToken.None))
            {
                file.Append(runEvent);
                foreach (var see in folds)
                    see(runEvent);

                if (_events.Reader.TryPeek(out _))
                    continue;
                await file.FlushAsync();
                whenIdle();
            }
        }
        catch (Exception) when (Break())
        {
            throw; // Never reached: Break only cancels the run.
        }
    }

    public void Dispose() => _broken.Dispose();

    // Cancelled before the exception unwinds; otherwise the run would continue for hours without a record.
    private bool Break()
    {
        _broken.Cancel();
        return false;
    }
}
