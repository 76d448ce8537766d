using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Links;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher;

/// <summary>The phases crawling, watching, recovering: when a full crawl starts and which event source it uses.</summary>
internal sealed partial class WorkLoop
{
    private RecrawlBackoff _backoff = RecrawlBackoff.None;
    private TimeSpan _crawlBegan;
    private DateTimeOffset _crawlBeganAt;
    private TimeSpan? _retrySourceAt;
    private ResyncCause? _lostTrack;
    private bool _isFirstCrawl;
    private bool _hasWarnedOfLimit;

    private void Begin()
    {
        foreach (var root in _filter.Roots)
            _outbox.Repositories.AddEnclosing(root);

        _rules.Begin();
        _isFirstCrawl = IsStandby || LogLoadResult(_outbox.Load(_baseline, _reader)) is LoadResult.Lost;

        Crawl(WatcherPhase.Crawling);
    }

    private LoadResult LogLoadResult(LoadResult loaded)
    {
        if (loaded is LoadResult.Lost(var reason, var message) && _baseline.Applied is not null)
            _log.TrackLost(reason.ToString(), message);

        return loaded;
    }

    private void Crawl(WatcherPhase phase)
    {
        var last = _source;
        _source = WantsKernel ? Inotify.TryOpen(_limits, _wake.Set) : null;
        last?.Dispose();

        // A user has few inotify instances (128): one may become free.
        _retrySourceAt = WantsKernel && _source is null ? Now + _limits.RetryPause : null;
        _watches.Use(_source);
        _cookies.Use(_source);
        _backoff = _backoff.Begun(Now);
        _crawlBegan = Now;
        _crawlBeganAt = _time.GetUtcNow();
        _lostTrack = null;
        _backends.BeginCrawl(_source, Now);
        _reader.RequestRoots(ReadFlags.Deep | NewRules() | (_isFirstCrawl ? ReadFlags.First : ReadFlags.None));
        Enter(phase);
    }

    private void FinishCrawl()
    {
        if (_phase == WatcherPhase.Watching || _reader.Waiting > 0)
            return;

        var beginsLog = _isFirstCrawl && !IsStandby;

        if (beginsLog)
        {
            LoseTrackOfMissingRoots();
            _outbox.OweCursor();
        }

        _isFirstCrawl = false;
        _backoff = _backoff.Finished(Now);
        RestartRounds();
        _log.CrawlEnded(Backend, _watches.Directories, _reader.Files, Now - _crawlBegan);
        WarnOfLimits();
        _trimAt = Now + TrimPause;
        Enter(WatcherPhase.Watching);

        // While the heartbeat goes out; no batch is sent before this.
        if (beginsLog)
            _outbox.BeginLog(_reader, Now);
    }

    private void BeginLog()
    {
        LoseTrackOfMissingRoots();
        _outbox.BeginLog(_reader, Now);
    }

    private void WarnOfLimits()
    {
        if (_hasWarnedOfLimit || IsStandby || _reader.Waiting > 0 || !WantsKernel || (_source is not null && _watches.Refused.Count == 0))
            return;

        _hasWarnedOfLimit = true;
        Warn(_source is null
            ? "No inotify instance is available: watching by polling, which is slower. Raise it with: sudo sysctl fs.inotify.max_user_instances=1024"
            : $"The kernel watches {_watches.Watched} of {_watches.Directories} directories, the others are polled. Ignore what need not be watched, or raise the "
                + "limit with: sudo sysctl fs.inotify.max_user_watches=524288");
    }

    /// <summary>Events were lost. The recrawl waits: whatever caused so many events is probably still running.</summary>
    private void LoseTrack(ResyncCause cause)
    {
        if (_lostTrack is null)
            _log.TrackLost("events", ResyncCounter.Describe(cause));

        if (_lostTrack != cause)
            _resyncs.Count(cause);

        _lostTrack = cause;
    }

    private TimeSpan Recrawl()
    {
        if (_retrySourceAt <= Now && _lostTrack is null)
            LoseTrack(ResyncCause.Backend);

        if (_lostTrack is null || _phase != WatcherPhase.Watching)
            return _retrySourceAt ?? TimeSpan.MaxValue;

        if (_backoff.Begun(Now).Earliest is var earliest && earliest > Now)
            return earliest;

        // The cookie's event may be among the lost ones; a recrawl that starts now is at least as fresh.
        if (_flushes.State is FlushState.AwaitingCookie)
            _flushes.Advance(new FlushState.Looking());

        if (_lostTrack == ResyncCause.Rules)
            ReadUnderNewRules();
        else
            Crawl(WatcherPhase.Recovering);

        return TimeSpan.Zero;
    }

    private void Enter(WatcherPhase phase)
    {
        _phase = phase;
        SendHeartbeat();
    }

    private DateTimeOffset? ToldUntil =>
        !IsStandby && _phase == WatcherPhase.Watching && _lostTrack is null && _reader.Waiting == 0 && Uninspected == 0 && _outbox.IsEmpty ? _watermark.Moment : null;

    private void Drain(int exitCode)
    {
        _exitWhenDelivered ??= exitCode;
        _log.Draining(_exitWhenDelivered.Value);
    }
}
