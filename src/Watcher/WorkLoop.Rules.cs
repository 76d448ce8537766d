using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher;

/// <summary>Rules that lie in the tree and change while we run: everything is judged anew, nothing is told for it.</summary>
internal sealed partial class WorkLoop
{
    private readonly RuleFileTracker _rules;

    // Other rules have come into force after that and have not been gone by yet.
    private DateTimeOffset? _rulesSince;

    // What has changed after that is told, even of what was ignored: it may have changed when it no longer was.
    private DateTimeOffset _rulesChangedAfter;

    void ICrawlObserver.RulesChanged(DateTimeOffset? since)
    {
        var after = since ?? _watermark.Moment;
        _rulesSince = after < _rulesSince ? after : _rulesSince ?? after;

        // Where more is amiss than the rules, everything is read again for that, by the new rules too.
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

    /// <summary>Those that no kernel tells us of: above the roots, in <c>.git/info</c>, in the user's home.</summary>
    private void CheckRulesOutside()
    {
        if (_rules.HaveChangedOutside())
            ((ICrawlObserver)this).RulesChanged(since: null);
    }

    /// <summary>The kernel goes on telling: what it has told stays true.</summary>
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
