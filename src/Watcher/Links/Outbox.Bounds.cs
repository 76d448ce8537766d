namespace Supervisor.Watcher.Links;

/// <summary>What keeps the outbox small however much happens while nothing can be sent: a slow parent, a hold, a resync.</summary>
internal sealed partial class Outbox
{
    // Changes that are no more than their services' sums. The state map and so the next snapshot have them; the log has not.
    private int _summed;

    /// <summary>Gives back what a storm made room for.</summary>
    public void Trim()
    {
        _pending.Trim();
        _refreshed.TrimExcess();
        Holds.Trim();
        _log.Trim();
    }

    /// <summary>
    /// Full: what each service will be told of the changes so far is worked out now, up to 100 names and a number, and the changes are forgotten. Until
    /// the log has been begun anew from the state map, it stands at what the parent has applied: a later watcher finds all of them again.
    /// </summary>
    private void Sum()
    {
        _summed += _pending.Count;
        _refreshed.Clear();
        (_lostTrack ??= new Delivery.ServiceChangeBuilder(filter)).Add(_pending.Take(int.MaxValue));
    }

    /// <summary>A snapshot that is ahead of the last batch must not carry its cursor: who has applied no more than that would resume in a state never told.</summary>
    private void LeaveSummedBehind()
    {
        if (_summed > 0)
            _last = _last.Next(hello.Epoch);

        _summed = 0;
    }
}
