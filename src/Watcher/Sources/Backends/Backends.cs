using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Filtering.Links;
using Supervisor.Watcher.Sources.Trees;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// Decides how each directory is watched: by its mount, by the results of probe files and of the audit, and by the active tree
/// sources. When a decision no longer holds, it reports that, and everything is read again under the new one. Not thread-safe: the
/// work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Backends : IDisposable
{
    private readonly IReadOnlyList<string> _roots;
    private readonly FollowedLinks _links;
    private readonly long _epoch;
    private readonly MountWatch _mountWatch = new();
    private readonly MountAssessments _mounts;
    private readonly MissedEventCounter _missedEntries = new();
    private readonly MissedEventCounter _missedWrites = new();
    private IReadOnlyList<Mount> _touching;
    private Inotify? _kernel;
    private Canary? _canary;

    public Backends(WatcherHello hello, WatchFilter filter, SourceLimits limits, Action arrived)
    {
        _links = filter.Links;
        _roots = filter.Roots;
        _epoch = hello.Epoch;
        _mounts = new MountAssessments(hello.Settings.Backend);
        _touching = Touching();
        Trees = new TreeSources(_roots, TreeSourceFactory.For(hello, limits, arrived), limits.RetryPause);
    }

    public TreeSources Trees { get; }

    public MountAssessments Mounts => _mounts;

    /// <summary>Call it before a full crawl, with the inotify instance for new watches, if there is one.</summary>
    public void BeginCrawl(Inotify? kernel, TimeSpan now)
    {
        _kernel = kernel;
        _canary = null;
        _missedEntries.Clear();
        _missedWrites.Clear();
        _mounts.Use(_mountWatch.Mounts);
        Trees.Activate(now);
    }

    /// <summary>Call it after a full crawl: it probes the file systems whose events are unproven.</summary>
    public void FinishCrawl(TimeSpan now)
    {
        foreach (var (device, directory) in _mounts.Unproven)
            StartCanary(device, directory, now);
    }

    /// <summary>How the directory is to be watched. Usually allocates nothing.</summary>
    /// <param name="device">As its state says.</param>
    public WatchMethod MethodFor(ReadOnlySpan<char> directory, ulong device)
    {
        if (device != 0 && _mounts.Of(device, directory) is MountAssessment.Polled)
            return WatchMethod.Poll;

        return Trees.For(directory) switch
        {
            null => WatchMethod.Kernel,

            // Tree sources follow no links.
            _ when _links.LeadTo(directory) => WatchMethod.Kernel,
            { NeedsAudit: true } => WatchMethod.AuditedTreeSource,
            _ => WatchMethod.TreeSource,
        };
    }

    /// <summary>Something was mounted or unmounted over a watch path, beneath it, or over a folder that leads to it.</summary>
    public bool HaveMountsChanged()
    {
        if (!_mountWatch.HasChanged())
            return false;

        var before = _touching;
        _touching = Touching();
        return !before.SequenceEqual(_touching);
    }

    /// <summary>Call it for every raw event.</summary>
    public void OnEvent(RawEvent happened) => _canary?.OnEvent(happened);

    /// <summary>An event arrived from the device.</summary>
    public void OnEventFrom(ulong device)
    {
        if (_missedEntries.HasMissed || _missedWrites.HasMissed)
        {
            _missedEntries.Reset(device);
            _missedWrites.Reset(device);
        }
    }

    /// <summary>
    /// The audit found a change without an event. Returns a warning if the file system is now considered blind: everything has to be read again. A write may also
    /// have gone through a mapping or a hard link, so a probe decides about writes; an entry cannot appear or disappear that way.
    /// </summary>
    public string? FoundByAudit(ulong device, string directory, bool cameOrWent, TimeSpan now)
    {
        if (cameOrWent)
            return _missedEntries.CountMissed(device) && _mounts.Note(device, CanaryResult.FoundByAudit) ? Blind(device) : null;

        if (!_missedWrites.CountMissed(device))
            return null;

        _missedWrites.Reset(device);
        StartCanary(device, directory, now);
        return null;
    }

    /// <summary>Evaluates the probes; returns when to call again. With a warning: a file system is blind, everything has to be read again.</summary>
    /// <param name="isBound">Whether a directory uses the watch; an unused one is removed.</param>
    public TimeSpan Probe(TimeSpan now, Func<int, bool> isBound, out string? blind)
    {
        blind = null;

        while (_canary is { IsPending: true } && _canary.TryTakeResult(now, out var device, out var finding, out var watch))
        {
            if (!isBound(watch))
                _kernel?.Remove(watch);

            if (_mounts.Note(device, finding))
                blind = Blind(device);
        }

        return _canary is { IsPending: true } ? now + Canary.Deadline : TimeSpan.MaxValue;
    }

    public void Dispose()
    {
        Trees.Dispose();
        _mountWatch.Dispose();
    }

    private void StartCanary(ulong device, string directory, TimeSpan now)
    {
        if (_kernel is null)
            return;

        _canary ??= new Canary(_kernel, _epoch);

        if (_canary.Start(device, directory, now) is { } finding)
            _mounts.Note(device, finding);
    }

    private string Blind(ulong device) =>
        $"The kernel does not report changes at {_mounts.Name(device)}: its file system is polled, which is slower. "
        + "Keep watched folders on a local disk, or set \"backend\": \"poll\" to configure this yourself.";

    // A watch path may be a link, and mounts have real paths.
    private IReadOnlyList<Mount> Touching() =>
        [.. _roots.Concat(_roots.Select(RealPath)).Distinct(StringComparer.Ordinal)
            .SelectMany(_mountWatch.Mounts.Touching).Distinct().OrderBy(mount => mount.Number)];

    private static string RealPath(string root) =>
        OpenDirectory.TryOpen(FileName.Encode(root + '\0'), followLink: true, out var directory, out _) ? directory.RealPath(root) : root;
}

/// <summary>How a directory is watched.</summary>
internal enum WatchMethod : byte
{
    /// <summary>By an inotify watch; polled if the kernel refuses it.</summary>
    Kernel,

    /// <summary>By polling; an inotify watch, if available, reports some changes earlier.</summary>
    Poll,

    /// <summary>By a tree source that reports every change.</summary>
    TreeSource,

    /// <summary>By a tree source that may miss changes: polled slowly as well.</summary>
    AuditedTreeSource,
}
