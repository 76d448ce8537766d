using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources.Trees;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// Decides by what each directory is heard of: by its mount, by what probe files and the audit have shown, and by the sources that listen to whole
/// trees. Where what it decided no longer holds, it says so, and everything is read again under the new decision. Not thread-safe: the
/// work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Backends : IDisposable
{
    private readonly IReadOnlyList<string> _roots;
    private readonly long _epoch;
    private readonly MountWatch _mountWatch = new();
    private readonly MountAssessments _mounts;
    private readonly MissedEventCounter _missedEntries = new();
    private readonly MissedEventCounter _missedWrites = new();
    private IReadOnlyList<Mount> _touching;
    private Inotify? _kernel;
    private Canary? _canary;

    public Backends(WatcherHello hello, IReadOnlyList<string> roots, SourceLimits limits, Action arrived)
    {
        _roots = roots;
        _epoch = hello.Epoch;
        _mounts = new MountAssessments(hello.Settings.Backend);
        _touching = Touching();
        Trees = new TreeSources(roots, TreeSourceFactory.For(hello, limits, arrived), limits.RetryPause);
    }

    public TreeSources Trees { get; }

    public MountAssessments Mounts => _mounts;

    /// <summary>To be called when everything is about to be read, with the instance that watches are taken from, if there is one.</summary>
    public void BeginCrawl(Inotify? kernel, TimeSpan now)
    {
        _kernel = kernel;
        _canary = null;
        _missedEntries.Clear();
        _missedWrites.Clear();
        _mounts.Use(_mountWatch.Mounts);
        Trees.Activate(now);
    }

    /// <summary>Everything is read: probes go to the file systems that have been met and not been proved.</summary>
    public void FinishCrawl(TimeSpan now)
    {
        foreach (var (device, directory) in _mounts.Unproven)
            StartCanary(device, directory, now);
    }

    /// <summary>By what the directory is to be heard of. Allocates nothing as a rule.</summary>
    /// <param name="device">As its state says.</param>
    public WatchMethod MethodFor(ReadOnlySpan<char> directory, ulong device)
    {
        if (device != 0 && _mounts.Of(device, directory) is MountAssessment.Polled)
            return WatchMethod.Poll;

        return Trees.For(directory) switch
        {
            null => WatchMethod.Kernel,
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

    /// <summary>Hears of every raw event.</summary>
    public void OnEvent(RawEvent happened) => _canary?.OnEvent(happened);

    /// <summary>An event was about something on the device.</summary>
    public void OnEventFrom(ulong device)
    {
        if (_missedEntries.HasMissed || _missedWrites.HasMissed)
        {
            _missedEntries.Reset(device);
            _missedWrites.Reset(device);
        }
    }

    /// <summary>
    /// The audit found a change that no event told. The warning, when the file system is blind by now: everything has to be read again. Written to is also
    /// what somebody has mapped or linked, so of that a probe has to judge; nothing comes or goes in such a way.
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

    /// <summary>Takes the probes as far as they get; returns when to look after them. With a warning: a file system is blind, everything has to be read again.</summary>
    /// <param name="isBound">Whether directories depend on a watch; others are given back.</param>
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
        $"The kernel does not tell of changes at {_mounts.Name(device)}: its file system is polled, which is slower. "
        + "Keep watched folders on a local disk, or set \"backend\": \"poll\" to have this said by the configuration.";

    // A watch path may be a link, and mounts have real paths.
    private IReadOnlyList<Mount> Touching() =>
        [.. _roots.Concat(_roots.Select(RealPath)).Distinct(StringComparer.Ordinal)
            .SelectMany(_mountWatch.Mounts.Touching).Distinct().OrderBy(mount => mount.Number)];

    private static string RealPath(string root) =>
        OpenDirectory.TryOpen(FileName.Encode(root + '\0'), followLink: true, out var directory, out _) ? directory.RealPath(root) : root;
}

/// <summary>By what a directory is to be heard of.</summary>
internal enum WatchMethod : byte
{
    /// <summary>A watch of the kernel; where that is refused it is polled.</summary>
    Kernel,

    /// <summary>Round by round; a watch, where it can be had, makes some changes known earlier.</summary>
    Poll,

    /// <summary>A source that listens to the whole tree, and whose silence is believed.</summary>
    TreeSource,

    /// <summary>Such a source whose silence means nothing: slow rounds besides.</summary>
    AuditedTreeSource,
}
