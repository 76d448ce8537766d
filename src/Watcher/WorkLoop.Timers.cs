using Supervisor.Watcher.Memory;
using Supervisor.Wire;

namespace Supervisor.Watcher;

/// <summary>What timers trigger: heartbeats, the memory policy, the idle audit, the check of roots.</summary>
internal sealed partial class WorkLoop
{
    // A collection takes some 10 ms: wait until the loop is idle.
    private static readonly TimeSpan TrimPause = TimeSpan.FromMilliseconds(250);

    private const int MuchChanged = 1_000;

    private TimeSpan? _trimAt;

    // The lowest resident size since the first crawl ended; 0: it has not ended.
    private long _restingBytes;

    /// <summary>No event reports a root that does not exist yet or whose parent was moved.</summary>
    private TimeSpan CheckRoots()
    {
        if (_phase != WatcherPhase.Watching)
            return TimeSpan.MaxValue;

        if (Now >= _nextRootCheck)
        {
            _nextRootCheck = Now + CommonMoments.UntilNext(RootPeriod, _time);
            CheckRulesOutside();
            InspectRoots();
        }

        return _nextRootCheck;
    }

    private TimeSpan HeartbeatIfDue()
    {
        if (Now < _nextHeartbeat)
            return _nextHeartbeat;

        SendHeartbeat();
        _outbox.MendLog(_reader, Now);
        var resident = Environment.WorkingSet;
        NoteResting(resident);
        (_memory, var action) = MemoryPolicy.Step(_memory, resident, _restingBytes, _hello.Settings.Limits.MemoryBytes, Now);

        if (action == MemoryAction.Trim)
            Trim();
        else if (action == MemoryAction.Leave)
            Drain((int)ExitCode.TemporaryFailure);

        if (!IsStandby && _phase == WatcherPhase.Watching && _exitWhenDelivered is null && _dirty.Count == 0 && _outbox.IsEmpty && _audit.Continue())
            Trim();

        return _nextHeartbeat;
    }

    private void NoteResting(long resident)
    {
        // The memory that a crawl took is not released yet.
        if (_phase != WatcherPhase.Watching || _trimAt is not null)
            return;

        var isNew = _restingBytes == 0;
        _restingBytes = isNew ? resident : Math.Min(_restingBytes, resident);

        if (isNew && MemoryPolicy.IsNearCap(resident, _hello.Settings.Limits.MemoryBytes))
        {
            Warn($"{_reader.Files:N0} files in {_watches.Directories:N0} directories take {resident >> 20} MiB of the watcher's {_hello.Settings.Limits.MemoryBytes >> 20} MiB: a storm "
                + "may have it replaced. Ignore what need not be watched, or raise \"watcher\": { \"limits\": { \"memory\" } } in the configuration.");
        }
    }

    private void SendHeartbeat()
    {
        _nextHeartbeat = Now + CommonMoments.UntilNext(HeartbeatPeriod, _time);
        _reporter.Beat(_phase, Backend, _watches.Directories, _reader.Files, Uninspected, Environment.WorkingSet, ToldUntil, Roots, _resyncs.Counts);
    }

    /// <summary>Releases the memory of a crawl or a large batch once the loop is idle.</summary>
    private TimeSpan TrimIfDue()
    {
        if (_trimAt is null)
            return TimeSpan.MaxValue;

        if (_phase != WatcherPhase.Watching || Uninspected > 0 || _reader.Waiting > 0 || !_outbox.IsEmpty)
            _trimAt = Now + TrimPause;

        if (_trimAt > Now)
            return _trimAt.Value;

        Trim();
        return TimeSpan.MaxValue;
    }

    private void Trim()
    {
        _trimAt = null;
        _source?.Trim();
        _dirty.Trim();
        _scheduler.Trim();
        _outbox.Trim();
        MemoryTrim.Run();
        _log.Trimmed(Environment.WorkingSet);
    }
}
