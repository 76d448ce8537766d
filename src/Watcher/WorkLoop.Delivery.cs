using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Links;

namespace Supervisor.Watcher;

/// <summary>Decides when batches go to the parent and how far a flush has come.</summary>
internal sealed partial class WorkLoop
{
    // The kernel reports a cookie within microseconds; if it takes this long, somebody removed the folder.
    private static readonly TimeSpan CookieDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Sends the batches that are due; returns when to call again. Not during a crawl, which would be split over several batches.</summary>
    private TimeSpan Deliver()
    {
        if (_phase != WatcherPhase.Watching || IsStandby)
            return TimeSpan.MaxValue;

        var due = TimeSpan.MaxValue;
        var isHurried = _flushes.Hurries || _exitWhenDelivered is not null;

        // While exiting, no more paths are inspected.
        var uninspected = _exitWhenDelivered is null ? Uninspected : 0;

        while (_outbox.HasDue(Now, uninspected, isHurried, out due))
        {
            if (_outbox.Take(_reader, Now, uninspected, isHurried) is not { } batch)
                continue;

            if (_outbox.LastSize >= MuchChanged)
                _trimAt = Now + TrimPause;

            _log.BatchSent(batch.Cursor, batch.Services.Count);
            _reporter.Deliver(batch, _outbox.LastSent);
        }

        while (_outbox.Warnings.TryDequeue(out var warning))
            Warn(warning);

        return due;
    }

    private void Warn(string message)
    {
        _log.Warned(message);
        _reporter.Warn(message);
    }

    private int Uninspected => _dirty.Count + _statWorkers.Outstanding;

    /// <summary>Advances the flush as far as possible; returns when to call again at the latest.</summary>
    private TimeSpan? AdvanceFlush()
    {
        switch (_flushes.State)
        {
            // A flush sent to a standby is answered after its takeover.
            case FlushState.Idle when _flushes.IsWanted && !IsStandby:
                _flushes.Begin(Now + CookieDeadline);
                _doubt = null;
                Synchronise();
                CheckRulesOutside();

                if (!_cookies.TryWrite())
                    ReadEverything(_source is null ? null : NoCookie);

                return TimeSpan.Zero;

            case FlushState.AwaitingCookie when _cookies.IsSeen && IsSynchronised:
                TakeTreeHints();
                RequestPolled();
                InspectRoots();
                _flushes.Advance(new FlushState.Looking());
                return TimeSpan.Zero;

            case FlushState.AwaitingCookie(var deadline):
                if (Now >= deadline)
                    ReadEverything(NoCookie);

                return deadline;

            case FlushState.Looking when _reader.Waiting == 0 && Uninspected == 0 && _lostTrack is null:
                _flushes.Advance(new FlushState.Sending());
                ReleaseHold();
                return TimeSpan.Zero;

            case FlushState.Sending when !_outbox.HasSomething && _phase == WatcherPhase.Watching:
                _flushes.Advance(new FlushState.Acknowledging(_outbox.LastSent));
                return TimeSpan.Zero;

            case FlushState.Acknowledging(var upTo) when _outbox.IsAcknowledged(upTo):
                _flushes.Finish(new FlushAnswer(Doubt()));
                return _flushes.IsWanted ? TimeSpan.Zero : null;

            default:
                return null;
        }
    }

    /// <summary>Gives the guarantee of a flush without a cookie.</summary>
    private void ReadEverything(string? doubt)
    {
        _doubt = doubt;
        _reader.RequestRoots(ReadFlags.Deep);
        InspectRoots();
        _flushes.Advance(new FlushState.Looking());
    }
}
