using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher;

/// <summary>Event sources: inotify, polling, tree sources, changed mounts, and file systems that turn out to send no events.</summary>
internal sealed partial class WorkLoop
{
    private readonly TreeHintHandler _treeHintHandler;
    private readonly RootStatusReport _rootReport;
    private readonly PollScheduler _polls;
    private readonly PollScheduler _audits;
    private DateTimeOffset _treesSyncRequestedAt;
    private DateTimeOffset _treesSyncedUntil;

    private bool WantsKernel => BackendChoice.WantsKernel(_hello.Settings.Backend, _hello.Degraded);

    private string Backend => BackendChoice.Overall(Roots);

    private IReadOnlyList<RootStatus> Roots => _rootReport.Describe(_source is not null);

    private void TakeEvents()
    {
        TakeTreeHints();

        if (_source is not null)
            TakeEvents(_source);

        AdvanceWatermark();
    }

    private void TakeEvents(Inotify source)
    {
        var events = source.Take(out var overflowed);
        var summary = _eventHandler.Handle(events, Now, _watermark.OpenSpan);

        if (summary.Heard)
            _outbox.Heard(Now);

        if (summary.RootTouched)
            ReadMovedRoots();

        if (overflowed || summary.LostTrack)
            LoseTrack(overflowed ? ResyncCause.BufferOverflow : ResyncCause.KernelOverflow);
    }

    /// <summary>Polls the next slice of directories; not while a flush waits for the crawler to become idle.</summary>
    private TimeSpan Poll()
    {
        if (_phase != WatcherPhase.Watching || _flushes.HoldsIntake)
            return TimeSpan.MaxValue;

        var wallClock = _time.GetUtcNow();
        return Earliest(_polls.Continue(Now, wallClock), _audits.Continue(Now, wallClock));
    }

    private void RequestPolled()
    {
        _polls.RequestAll();
        _audits.RequestAll();
    }

    /// <summary>A crawl has read everything: polling starts over.</summary>
    private void RestartRounds()
    {
        _polls.Restart(_crawlBegan, Now, _crawlBeganAt);
        _audits.Restart(_crawlBegan, Now, _crawlBeganAt);
        _treesSyncedUntil = _crawlBeganAt;
        _backends.FinishCrawl(Now);
    }

    /// <summary>Checks mounts, tree sources and probes. Where one of them changed, everything is read again.</summary>
    private TimeSpan CheckSources()
    {
        if (_backends.HaveMountsChanged())
            LoseTrack(ResyncCause.Mounts);

        if (_backends.Trees.HasChanged(Now))
            LoseTrack(ResyncCause.Backend);

        while (_backends.Trees.Warnings.TryDequeue(out var warning))
            Warn(warning);

        if (_phase == WatcherPhase.Watching)
            WarnOfLimits();

        var due = _backends.Probe(Now, _watches.IsBound, out var blind);

        if (blind is not null)
            OnBlindFileSystem(blind);

        return due;
    }

    private void OnBlindFileSystem(string warning)
    {
        Warn(warning);
        LoseTrack(ResyncCause.Backend);
    }

    private void TakeTreeHints()
    {
        var hasLostTrack = _backends.Trees.Take(hint =>
        {
            if (_treeHintHandler.Handle(hint, Now, _watermark.OpenSpan))
                _outbox.Heard(Now);
        });

        if (hasLostTrack)
            LoseTrack(ResyncCause.Backend);

        if (_treesSyncRequestedAt > _treesSyncedUntil && _backends.Trees.AreSynchronised)
            _treesSyncedUntil = _treesSyncRequestedAt;
    }

    /// <summary>Asks the tree sources to report everything that happened until now.</summary>
    private void Synchronise()
    {
        _treesSyncRequestedAt = _time.GetUtcNow();
        _backends.Trees.Synchronise();
    }

    private bool IsSynchronised => _backends.Trees.AreSynchronised;

    private void ReadMovedRoots()
    {
        if (_backends.Trees.Reopen())
            LoseTrack(ResyncCause.Backend);

        _reader.RequestRoots(ReadFlags.Deep);
    }

    /// <summary>A change in a polled directory makes it hot. A change that the audit found in a watched directory should have had an event.</summary>
    private void NoteMissedChange(string path, FileState? before, FileState? after)
    {
        if (_phase != WatcherPhase.Watching || (_watches.IsKernelEnough && !_reader.IsAuditing) || _reader.Links.Contains(path))
            return;

        var directory = _reader.Resolve(Path.GetDirectoryName(path.AsSpan()));
        _polls.Changed(directory, Now);
        _audits.Changed(directory, Now);

        if (!_reader.IsAuditing || _map.DirectoryOf(directory).Watch == 0)
            return;

        var cameOrWent = before is null || after is null;

        if (_backends.FoundByAudit(_map.DeviceOf(directory), Path.GetDirectoryName(path)!, cameOrWent, Now) is { } warning)
            OnBlindFileSystem(warning);
    }

    /// <summary>Advances the watermark once every source is drained. Not while a crawl is pending or running.</summary>
    private void AdvanceWatermark()
    {
        if (_phase != WatcherPhase.Watching || _lostTrack is not null || _source is { IsDrained: false })
            return;

        var until = _time.GetUtcNow();

        var treesSyncedUntil = _backends.Trees.HasTrusted ? _treesSyncedUntil : until;
        _watermark.Advance(Enumerable.Min([until, treesSyncedUntil, _polls.FoundUntil, _audits.FoundUntil, LinksFoundUntil]));
    }
}
