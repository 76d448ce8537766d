using System.Threading.Channels;
using Supervisor.Watcher.Delivery;
using StreamJsonRpc;

namespace Supervisor.Watcher.Links;

/// <summary>
/// Carries what the work loop says to the parent, without the loop ever waiting for it. Batches begin in their order and are answered for one by one;
/// heartbeats and warnings follow each other. The loop calls, after <see cref="RunAsync"/> was; that owns every task that comes of it.
/// </summary>
internal sealed class Reporter(IParent parent, long epoch, ChannelWriter<LoopRequest> answers, Action answered)
{
    // Full means that the parent has not read for as many heartbeats, and is about to replace us for silence. The newest say most.
    private readonly Channel<Func<CancellationToken, Task>> _said = Channel.CreateBounded<Func<CancellationToken, Task>>(
        new BoundedChannelOptions(64) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly List<Task> _deliveries = [];
    private CancellationToken _stopping;
    private long _beats;

    public void Beat(WatcherPhase phase, string backend, int directories, int files, int queueDepth, long memoryBytes, DateTimeOffset? toldUntil,
        IReadOnlyList<RootStatus> roots, ResyncCounts resyncs)
    {
        var beat = new Heartbeat(epoch, ++_beats, phase, backend, directories, files, queueDepth, memoryBytes, toldUntil, roots, resyncs);
        _said.Writer.TryWrite(token => parent.BeatAsync(beat, token));
    }

    public void Warn(string message) =>
        _said.Writer.TryWrite(token => parent.WarnAsync(new WatcherWarning(epoch, message), token));

    public void Deliver(ChangeBatch batch, Cursor cursor)
    {
        _deliveries.RemoveAll(delivery => delivery.IsCompleted);
        _deliveries.Add(DeliverAsync(batch, cursor));
    }

    /// <summary>Runs until stopped; then takes back what has not been answered.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _stopping = stopping;

        try
        {
            await foreach (var say in _said.Reader.ReadAllAsync(stopping))
                await say(stopping);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The link has ended; whoever ended it stops the loop.
        }
        finally
        {
            await Task.WhenAll(_deliveries);
        }
    }

    private async Task DeliverAsync(ChangeBatch batch, Cursor cursor)
    {
        try
        {
            await parent.DeliverAsync(batch, _stopping);
            await answers.WriteAsync(new LoopRequest.Applied(cursor), _stopping);
            answered();
        }
        catch (RemoteRpcException exception)
        {
            answers.TryWrite(new LoopRequest.Refused(exception.Message));
            answered();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // As above. The batch stays unacknowledged: the next watcher finds its changes again.
        }
    }
}
