using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher;

/// <summary>Ignore rules in the tree that change while the watcher runs: every path is filtered again, and that alone reports no change.</summary>
internal sealed partial class WorkLoop
{
    private readonly RuleFileTracker _rules;

    // Set while changed rules wait to be applied; they took effect after this moment.
    private DateTimeOffset? _rulesSince;

    // A change after this moment is reported even for a path that was ignored: the path may have been wanted by then.
    private DateTimeOffset _rulesChangedAfter;

    void ICrawlObserver.RulesChanged(DateTimeOffset? since)
    {
        var after = since ?? _watermark.Moment;
        _rulesSince = after < _rulesSince ? after : _rulesSince ?? after;

        // If track is lost for another reason too, that recrawl applies the new rules as well.
        if (_lostTrack is null)
            LoseTrack(ResyncCause.Rules);
    }

    void ICrawlObserver.Unignored(string path, in FileState state)
    {
        if (state.Kind != FileKind.Directory && DateTimeOffset.UnixEpoch.AddTicks(state.ChangedNs / TimeSpan.NanosecondsPerTick) >= _rulesChangedAfter)
            _outbox.Record(path, before: null, state, Now);
        else
            _outbox.Refresh(path, before: null, state, Now);
    }

    void ICrawlObserver.NowIgnored(string path, in FileState state) => _outbox.Refresh(path, state, after: null, Now);

    /// <summary>Rule files without a watch: above the roots, in <c>.git/info</c>, in the user's home.</summary>
    private void CheckRulesOutside()
    {
        if (_rules.HaveChangedOutside())
            ((ICrawlObserver)this).RulesChanged(since: null);
    }

    /// <summary>The inotify instance stays open: no event is lost.</summary>
    private void ReadUnderNewRules()
    {
        _backoff = _backoff.Begun(Now);
        _crawlBegan = Now;
        _crawlBeganAt = _time.GetUtcNow();
        _lostTrack = null;
        _reader.RequestRoots(ReadFlags.Deep | NewRules());
        Enter(WatcherPhase.Recovering);
    }

    private ReadFlags NewRules()
    {
        if (_rulesSince is not { } since)
            return ReadFlags.None;

        _rulesChangedAfter = since;
        _rulesSince = null;
        return ReadFlags.Rules;
    }
}
