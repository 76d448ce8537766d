using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher;

/// <summary>Rules that lie in the tree and change while we run: everything is judged anew, nothing is told for it.</summary>
internal sealed partial class WorkLoop
{
    private readonly TreeRules _rules;

    // Other rules have come into force after that and have not been gone by yet.
    private DateTimeOffset? _rulesSince;

    // What has changed after that is told, even of what was ignored: it may have changed when it no longer was.
    private DateTimeOffset _adoptsBefore;

    void IFindings.RulesChanged(DateTimeOffset? since)
    {
        var after = since ?? _hearing.Until;
        _rulesSince = after < _rulesSince ? after : _rulesSince ?? after;

        // Where more is amiss than the rules, everything is read again for that, by the new rules too.
        if (_lostTrack is null)
            LoseTrack(ResyncCause.Rules);
    }

    void IFindings.Adopted(string path, in FileState state)
    {
        if (state.Kind != FileKind.Directory && DateTimeOffset.UnixEpoch.AddTicks(state.ChangedNs / TimeSpan.NanosecondsPerTick) >= _adoptsBefore)
            _outbox.Record(path, before: null, state, Now);
        else
            _outbox.Refresh(path, before: null, state, Now);
    }

    void IFindings.Forgotten(string path, in FileState state) => _outbox.Refresh(path, state, after: null, Now);

    /// <summary>Those that no kernel tells us of: above the roots, in <c>.git/info</c>, in the user's home.</summary>
    private void CheckRulesOutside()
    {
        if (_rules.HaveChangedOutside())
            ((IFindings)this).RulesChanged(since: null);
    }

    /// <summary>The kernel goes on telling: what it has told stays true.</summary>
    private void ReadUnderNewRules()
    {
        _crawls = _crawls.Begun(Now);
        _crawlBegan = Now;
        _crawlBeganAt = _time.GetUtcNow();
        _lostTrack = null;
        _reader.RequestRoots(Reading.Deep | NewRules());
        Enter(WatcherPhase.Recovering);
    }

    private Reading NewRules()
    {
        if (_rulesSince is not { } since)
            return Reading.None;

        _adoptsBefore = since;
        _rulesSince = null;
        return Reading.Rules;
    }
}
