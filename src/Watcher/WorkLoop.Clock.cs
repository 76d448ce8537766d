using Supervisor.Watcher.Memory;
using Supervisor.Wire.Contracts;

namespace Supervisor.Watcher;

/// <summary>What is done by the clock: signs of life, the memory ladder, the audit, roots that may come and go.</summary>
internal sealed partial class WorkLoop
{
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
        _reporter.Beat(_phase, Backend, _watches.Directories, _reader.Files, Unlooked, Environment.WorkingSet, ToldUntil, Roots, _resyncs.Counts);
    }

    private void Trim()
    {
        _source?.Trim();
        MemoryTrim.Run();
        _log.Trimmed(Environment.WorkingSet);
    }
}
