using System.Runtime.Versioning;
using Supervisor.Watcher.Sources.Backends;
using Supervisor.Watcher.Sources.Trees.Watchman;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>
/// The tree sources, one for each watch path, if the configuration asks for them. A source is active from the crawl after its opening to
/// the crawl after its loss; at other times, and where there is none, each directory is watched by itself. Not thread-safe: the
/// work loop owns it.
/// </summary>
/// <param name="open">Opens a source for one watch path; null: there are no tree sources.</param>
/// <param name="retryPause">The pause before a lost or unavailable source is tried again.</param>
internal sealed class TreeSources(IReadOnlyList<string> roots, Func<string, ITreeSource>? open, TimeSpan retryPause) : IDisposable
{
    // Parents first, so the last that fits is the nearest.
    private readonly Listener[] _listeners = open is null ? [] : [.. roots.Select(root => new Listener(root))];

    private readonly Queue<string> _warnings = new();

    /// <summary>Warnings for people, to be taken by the loop.</summary>
    public Queue<string> Warnings => _warnings;

    /// <summary>At least one watch path relies on a tree source without an audit.</summary>
    public bool HasTrusted => Array.Exists(_listeners, listener => listener.Source is { NeedsAudit: false } && listener.IsActive);

    /// <summary>The active source for the directory; null: none.</summary>
    public ITreeSource? For(ReadOnlySpan<char> directory)
    {
        for (var i = _listeners.Length - 1; i >= 0; i--)
        {
            if (MountTable.IsBeneath(directory, _listeners[i].Root))
                return _listeners[i].IsActive ? _listeners[i].Source : null;
        }

        return null;
    }

    /// <summary>Why the watch path has no source although one is configured.</summary>
    public string? ErrorOf(string root) => Array.Find(_listeners, listener => listener.Root == root)?.Error;

    /// <summary>Opens what is due. True: a source has become ready or was lost, everything has to be read again.</summary>
    public bool HasChanged(TimeSpan now)
    {
        var hasChanged = false;

        foreach (var listener in _listeners)
        {
            Open(listener, now);

            if (listener.Source?.State is TreeSourceState.Listening && !listener.IsActive)
                hasChanged = true;

            if (listener.Source?.State is TreeSourceState.Lost(var reason))
                hasChanged |= Close(listener, reason, now);
        }

        return hasChanged;
    }

    /// <summary>Call it before a full crawl: the sources that listen now become active.</summary>
    public void Activate(TimeSpan now)
    {
        HasChanged(now);

        foreach (var listener in _listeners)
            listener.IsActive = listener.Source?.State is TreeSourceState.Listening;
    }

    /// <summary>Watch paths appeared, disappeared or moved: a source may listen to a directory that is gone. True: everything has to be read again.</summary>
    public bool Reopen()
    {
        foreach (var listener in _listeners)
        {
            listener.Dispose();
            listener.RetryAt = TimeSpan.Zero;
        }

        return _listeners.Length > 0;
    }

    /// <summary>Takes the hints of every source. True: one of them has lost track.</summary>
    public bool Take(Action<TreeHint> hint)
    {
        var hasLostTrack = false;

        foreach (var listener in _listeners)
        {
            if (listener.Source is not { } source)
                continue;

            var hints = source.Take(out var lostTrack);

            foreach (var (path, kind) in hints)
                hint(new TreeHint(path, kind));

            hasLostTrack |= lostTrack;
        }

        return hasLostTrack;
    }

    public void Synchronise()
    {
        foreach (var listener in _listeners)
        {
            if (listener is { IsActive: true, Source: { NeedsAudit: false } source })
                source.Synchronise();
        }
    }

    /// <summary>Every active source has completed its synchronisation. A lost one never does.</summary>
    public bool AreSynchronised => !Array.Exists(
        _listeners, listener => listener is { IsActive: true, Source: null or { NeedsAudit: false, IsSynchronised: false } });

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
    }

    // A watch path may be a single file, or not there yet: that is the loop's to see.
    private void Open(Listener listener, TimeSpan now)
    {
        if (listener.Source is null && now >= listener.RetryAt && Directory.Exists(listener.Root))
            listener.Source = open!(listener.Root);
    }

    private bool Close(Listener listener, string reason, TimeSpan now)
    {
        listener.Source?.Dispose();
        listener.Source = null;
        listener.RetryAt = now + retryPause;

        if (listener.Error != reason)
            _warnings.Enqueue($"{listener.Root}: {reason}. Falling back to other backends; another attempt is made every {retryPause.TotalSeconds:0} s.");

        listener.Error = reason;
        return listener.IsActive;
    }

    private sealed class Listener(string root) : IDisposable
    {
        public string Root => root;

        public ITreeSource? Source { get; set; }

        /// <summary>Its directories are left to it.</summary>
        public bool IsActive { get; set => (field, Error) = (value, value ? null : Error); }

        public string? Error { get; set; }

        public TimeSpan RetryAt { get; set; }

        public void Dispose()
        {
            Source?.Dispose();
            Source = null;
        }
    }
}

/// <summary>Chooses the tree source that the configuration asks for.</summary>
[SupportedOSPlatform("linux")]
internal static class TreeSourceFactory
{
    /// <summary>Opens one for a watch path; null: none is wanted.</summary>
    /// <param name="arrived">Called on any thread when there is something to take; must not block.</param>
    public static Func<string, ITreeSource>? For(WatcherHello hello, SourceLimits limits, Action arrived)
    {
        if (BackendChoice.WantsFileSystemWatcher(hello.Settings.Backend, hello.Degraded, OperatingSystem.IsLinux()))
            return root => new FileSystemWatcherSource(root, arrived);

        return hello.Settings.Backend == WatchBackend.Watchman && !hello.Degraded
            ? root => new WatchmanSource(root, limits.WatchmanSocket, arrived)
            : null;
    }
}
