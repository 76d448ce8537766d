using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Links;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher;

/// <summary>
/// A watcher beside the one in charge: it watches and reads everything, tells nothing of it and leaves the log alone, until the other one is gone. Then what
/// that one has had applied is compared with the state map, in memory: there is no moment at which nobody watches, and nothing is read twice.
/// </summary>
internal sealed partial class WorkLoop
{
    private readonly SuspendDetector _suspend = new();
    private WatcherRole _role;

    private bool IsStandby => _role is not WatcherRole.Active;

    /// <summary>Completes once the loop has heard it. Harmless twice.</summary>
    public Task TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken) =>
        AskAsync(answer => new LoopRequest.TakeOver(baseline, answer), cancellationToken);

    private void TakeOver(WatchBaseline baseline) =>
        _role = IsStandby ? new WatcherRole.TakingOver(baseline) : _role;

    /// <summary>
    /// Not amid a crawl: the map must be whole. That it may lag behind the disk does no harm, whatever is still marked or owed is found against it.
    /// </summary>
    private void TakeOverIfRequested()
    {
        if (_role is not WatcherRole.TakingOver(var baseline) || _phase != WatcherPhase.Watching)
            return;

        _role = new WatcherRole.Active();
        _baseline = baseline;
        _cutoff = new BaselineCutoff(baseline, _time.GetUtcNow());

        // What we heard while the other one told of it is over; what came after its last word is ours to tell.
        _watermark.ResumeAt(baseline.Watermark);
        _outbox.Unseen.ForgetUntil(baseline.Watermark);

        if (NoteLoaded(_reader.TakeOver(sink => _outbox.Load(baseline, sink))) is LoadResult.Lost)
            BeginLog();

        // The other one had watches that the kernel would not grant us beside it.
        foreach (var refused in _watches.Refused)
            _reader.Request(refused, ReadFlags.Wanted);

        _log.TookOver(baseline.Applied);
        TellHeartbeat();
    }

    /// <summary>So long, or until somebody rings. Who comes back much later than was due has stood still.</summary>
    private async Task WaitAsync(TimeSpan rest, TimeSpan due, CancellationToken stopping)
    {
        await _wake.WaitAsync(rest, stopping);

        if (_suspend.HasResumed(due, Now))
            LoseTrack(ResyncCause.Gap);
    }
}

/// <summary>Whether it is for us to tell what changes.</summary>
internal abstract record WatcherRole
{
    internal sealed record Active : WatcherRole;

    /// <summary>Another watcher is in charge.</summary>
    internal sealed record Standby : WatcherRole;

    /// <summary>The other one is gone, and everything it told up to the baseline has been applied.</summary>
    internal sealed record TakingOver(WatchBaseline Baseline) : WatcherRole;
}
