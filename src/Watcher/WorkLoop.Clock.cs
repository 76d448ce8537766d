using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Memory;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher;

/// <summary>What is done by the clock: signs of life, the memory ladder, the audit, roots that may come and go, polled directories.</summary>
internal sealed partial class WorkLoop
{
    private TimeSpan Poll()
    {
        if (_phase != WatcherPhase.Watching || _watches.Polled.Count == 0)
            return TimeSpan.MaxValue;

        if (_isPolling && _reader.Waiting > 0)
            return TimeSpan.MaxValue;

        if (_isPolling)
        {
            _polls = _polls.Finished(Now);
            NoteHeard(_roundBegan);
        }

        _isPolling = Now >= _polls.Next;

        if (!_isPolling)
            return _polls.Next;

        _polls = _polls with { Begun = Now };
        _roundBegan = _time.GetUtcNow();
        RequestPolled();
        return TimeSpan.Zero;
    }

    private void RequestPolled()
    {
        foreach (var directory in _watches.Polled)
            _reader.Request(directory, Reading.Wanted);
    }

    /// <summary>A root that is not there yet, or whose folder was moved away, cannot always be heard of.</summary>
    private TimeSpan CheckRoots()
    {
        if (_phase != WatcherPhase.Watching)
            return TimeSpan.MaxValue;

        if (Now >= _nextRootCheck)
        {
            _nextRootCheck = Now + RootPeriod;
            LookAtRoots();
        }

        return _nextRootCheck;
    }

    private TimeSpan Beat()
    {
        if (Now < _nextBeat)
            return _nextBeat;

        TellHeartbeat();
        _outbox.MendLog(_reader, Now);
        (_memory, var action) = MemoryLadder.Step(_memory, Environment.WorkingSet, _hello.Settings.Limits.MemoryBytes, Now);

        if (action == MemoryAction.Trim)
            Trim();
        else if (action == MemoryAction.Recycle)
            Drain((int)ExitCode.TemporaryFailure);

        if (_phase == WatcherPhase.Watching && _exitWhenDelivered is null && _dirty.Count == 0 && _outbox.IsEmpty && _audit.Continue())
            Trim();

        return _nextBeat;
    }

    private void TellHeartbeat()
    {
        _nextBeat = Now + BeatPeriod;
        _reporter.Beat(_phase, Backend, Directories, _reader.Files, Unlooked, Environment.WorkingSet, ToldUntil, Roots, _resyncs.Counts);
    }

    private void Trim()
    {
        _source?.Trim();
        MemoryTrim.Run();
        _log.Trimmed(Environment.WorkingSet);
    }
}
