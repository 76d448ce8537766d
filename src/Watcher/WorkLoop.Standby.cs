using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Links;

namespace Supervisor.Watcher;

/// <summary>
/// A watcher beside the one in charge: it watches and reads everything, tells nothing of it and leaves the log alone, until the other one is gone. Then what
/// that one has had applied is compared with the state map, in memory: there is no moment at which nobody watches, and nothing is read twice.
/// </summary>
internal sealed partial class WorkLoop
{
    private readonly Standstill _standstill = new();
    private Standing _standing;

    private bool IsStandby => _standing is not Standing.InCharge;

    /// <summary>Completes once the loop has heard it. Harmless twice.</summary>
    public Task TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken) =>
        AskAsync(answer => new LoopRequest.TakeOver(baseline, answer), cancellationToken);

    private void TakeOver(WatchBaseline baseline) =>
        _standing = IsStandby ? new Standing.Called(baseline) : _standing;

    /// <summary>
    /// Not amid a crawl: the map must be whole. That it may lag behind the disk does no harm, whatever is still marked or owed is found against it.
    /// </summary>
    private void TakeOverIfCalled()
    {
        if (_standing is not Standing.Called(var baseline) || _phase != WatcherPhase.Watching)
            return;

        _standing = new Standing.InCharge();
        _baseline = baseline;
        _newcomers = new Newcomers(baseline, _time.GetUtcNow());

        // What we heard while the other one told of it is over; what came after its last word is ours to tell.
        _hearing.ResumeAt(baseline.Watermark);
        _outbox.Unseen.ForgetUntil(baseline.Watermark);

        if (NoteLoaded(_reader.TakeOver(sink => _outbox.Load(baseline, sink))) is LoadResult.Lost)
            BeginLog();

        // The other one had watches that the kernel would not grant us beside it.
        foreach (var refused in _watches.Refused)
            _reader.Request(refused, Reading.Wanted);

        _log.TookOver(baseline.Applied);
        TellHeartbeat();
    }

    /// <summary>So long, or until somebody rings. Who comes back much later than was due has stood still.</summary>
    private async Task WaitAsync(TimeSpan rest, TimeSpan due, CancellationToken stopping)
    {
        await _alarm.WaitAsync(rest, stopping);

        if (_standstill.IsOver(due, Now))
            LoseTrack(ResyncCause.Gap);
    }
}

/// <summary>Whether it is for us to tell what changes.</summary>
internal abstract record Standing
{
    internal sealed record InCharge : Standing;

    /// <summary>Another watcher is in charge.</summary>
    internal sealed record Standby : Standing;

    /// <summary>The other one is gone, and everything it told up to the baseline has been applied.</summary>
    internal sealed record Called(WatchBaseline Baseline) : Standing;
}
