using System.Diagnostics;
using System.Threading.Channels;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <summary>
/// The record of the run under way: takes events from every thread, and one loop writes them down and shows them to the folds, in one order.
/// </summary>
/// <param name="folds">Invariants, live view: each sees every event, on the loop's thread.</param>
internal sealed class RunRecord(RecordFile file, IReadOnlyList<Action<RunEvent>> folds) : IRecord, IDisposable
{
    // A run tells some tens of events a second. Full means that the disk or a fold has been stuck for minutes: the run cannot be trusted any more.
    private readonly Channel<RunEvent> _told = Channel.CreateBounded<RunEvent>(
        new BoundedChannelOptions(capacity: 16_384) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _broken = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    /// <summary>Cancelled when the record can no longer be kept: the run has to end.</summary>
    public CancellationToken Broken => _broken.Token;

    public void Append(RunEvent runEvent)
    {
        if (!_told.Writer.TryWrite(runEvent))
            _broken.Cancel();
    }

    /// <summary>No more events: <see cref="RunAsync"/> handles those that were told and returns.</summary>
    public void Complete() => _told.Writer.TryComplete();

    /// <param name="atRest">Called after each event that no other has followed yet.</param>
    public async Task RunAsync(Action atRest)
    {
        try
        {
            await foreach (var runEvent in _told.Reader.ReadAllAsync(CancellationToken.None))
            {
                file.Append(runEvent);
                foreach (var see in folds)
                    see(runEvent);

                if (_told.Reader.TryPeek(out _))
                    continue;
                await file.FlushAsync();
                atRest();
            }
        }
        catch (Exception) when (Break())
        {
            throw; // Never reached: Break only tells the run.
        }
    }

    public void Dispose() => _broken.Dispose();

    // InMemoryRecord before the exception unwinds, or the run would go on for hours with nobody listening.
    private bool Break()
    {
        _broken.Cancel();
        return false;
    }
}
