using Supervisor.Watcher.Memory;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher;

/// <summary>What is done by the clock: signs of life, the memory ladder, the audit, roots that may come and go.</summary>
internal sealed partial class WorkLoop
{
    // Collecting takes some 10 ms: not in the middle of something.
    private static readonly TimeSpan TrimPause = TimeSpan.FromMilliseconds(250);

    private const int MuchChanged = 1_000;

    private TimeSpan? _trimAt;

    // The least that was resident since everything had been read once; 0: not yet.
    private long _restingBytes;

    /// <summary>A root that is not there yet, or whose folder was moved away, cannot always be heard of.</summary>
    private TimeSpan CheckRoots()
    {
        if (_phase != WatcherPhase.Watching)
            return TimeSpan.MaxValue;

        if (Now >= _nextRootCheck)
        {
            _nextRootCheck = Now + RootPeriod;
            CheckRulesOutside();
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
        var resident = Environment.WorkingSet;
        NoteResting(resident);
        (_memory, var action) = MemoryPolicy.Step(_memory, resident, _restingBytes, _hello.Settings.Limits.MemoryBytes, Now);

        if (action == MemoryAction.Trim)
            Trim();
        else if (action == MemoryAction.Leave)
            Drain((int)ExitCode.TemporaryFailure);

        if (!IsStandby && _phase == WatcherPhase.Watching && _exitWhenDelivered is null && _dirty.Count == 0 && _outbox.IsEmpty && _audit.Continue())
            Trim();

        return _nextBeat;
    }

    private void NoteResting(long resident)
    {
        // What a crawl took is still to be given back.
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

    private void TellHeartbeat()
    {
        _nextBeat = Now + BeatPeriod;
        _reporter.Beat(_phase, Backend, _watches.Directories, _reader.Files, Unlooked, Environment.WorkingSet, ToldUntil, Roots, _resyncs.Counts);
    }

    /// <summary>What a crawl or a large batch took is given back once nothing more is to be done.</summary>
    private TimeSpan GiveBack()
    {
        if (_trimAt is null)
            return TimeSpan.MaxValue;

        if (_phase != WatcherPhase.Watching || Unlooked > 0 || _reader.Waiting > 0 || !_outbox.IsEmpty)
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
