using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Links;

namespace Supervisor.Watcher;

/// <summary>
/// A standby watcher beside the active one: it watches and reads everything, sends nothing and leaves the log alone until the active one is gone. Then it
/// compares what the parent applied with its state map, in memory: no moment passes without a watcher, and nothing is read twice.
/// </summary>
internal sealed partial class WorkLoop
{
    private readonly SuspendDetector _suspend = new();
    private WatcherRole _role;

    private bool IsStandby => _role is not WatcherRole.Active;

    /// <summary>Completes when the loop has taken the request. Idempotent.</summary>
    public Task TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken) =>
        AskAsync(answer => new LoopRequest.TakeOver(baseline, answer), cancellationToken);

    private void TakeOver(WatchBaseline baseline) =>
        _role = IsStandby ? new WatcherRole.TakingOver(baseline) : _role;

    /// <summary>
    /// Not during a crawl: the map must be complete. It may lag behind the disk: what is still dirty is compared with it later.
    /// </summary>
    private void TakeOverIfRequested()
    {
        if (_role is not WatcherRole.TakingOver(var baseline) || _phase != WatcherPhase.Watching)
            return;

        _role = new WatcherRole.Active();
        _baseline = baseline;
        _cutoff = new BaselineCutoff(baseline, _time.GetUtcNow());

        // The other watcher delivered everything up to the watermark; later changes are ours to deliver.
        _watermark.ResumeAt(baseline.Watermark);
        _outbox.Unseen.ForgetUntil(baseline.Watermark);

        if (LogLoadResult(_reader.TakeOver(sink => _outbox.Load(baseline, sink))) is LoadResult.Lost)
            BeginLog();

        // While the other watcher ran, the kernel refused us these watches.
        foreach (var refused in _watches.Refused)
            _reader.Request(refused, ReadFlags.Wanted);

        _log.TookOver(baseline.Applied);
        SendHeartbeat();
    }

    /// <summary>Waits this long, or until the wake signal. A return much later than due means that the process was suspended.</summary>
    private async Task WaitAsync(TimeSpan rest, TimeSpan due, CancellationToken stopping)
    {
        await _wake.WaitAsync(rest, stopping);

        if (_suspend.HasResumed(due, Now))
            LoseTrack(ResyncCause.Gap);
    }
}

/// <summary>Whether this watcher reports changes.</summary>
internal abstract record WatcherRole
{
    internal sealed record Active : WatcherRole;

    /// <summary>Another watcher is active.</summary>
    internal sealed record Standby : WatcherRole;

    /// <summary>The other watcher is gone, and the parent has applied everything up to the baseline.</summary>
    internal sealed record TakingOver(WatchBaseline Baseline) : WatcherRole;
}
