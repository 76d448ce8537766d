using System.Runtime.Versioning;
using Supervisor.Watcher.Sources;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Which directory has which inotify watch, and which directories have none and are polled. One inode seen in two places (a bind mount,
/// a directory just moved) has one watch, which serves both. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WatchTable(StateMap map, Backends backends)
{
    private readonly Dictionary<int, int> _firstByWatch = [];
    private readonly HashSet<int> _polled = [];
    private readonly HashSet<int> _audited = [];
    private readonly HashSet<int> _treeWatched = [];
    private readonly HashSet<int> _refused = [];
    private readonly List<int> _unbound = [];
    private Inotify? _source;

    /// <summary>Directories that are polled; some have a watch as well, whose events are incomplete.</summary>
    public IReadOnlySet<int> Polled => _polled;

    /// <summary>Directories covered by an unreliable tree source: polled slowly as well.</summary>
    public IReadOnlySet<int> Audited => _audited;

    /// <summary>The polled directories for which the kernel refused a watch.</summary>
    public IReadOnlySet<int> Refused => _refused;

    /// <summary>Number of inotify watches.</summary>
    public int Watched => _firstByWatch.Count;

    /// <summary>Directories watched by any method.</summary>
    public int Directories => Watched + _treeWatched.Count + _audited.Count + _polled.Count(node => map.DirectoryOf(node).Watch == 0);

    /// <summary>Every directory has a reliable inotify watch.</summary>
    public bool IsKernelEnough => _polled.Count == 0 && _audited.Count == 0 && _treeWatched.Count == 0;

    /// <summary>Uses this inotify instance from now on (null: everything is polled); all watches of the earlier one are gone.</summary>
    public void Use(Inotify? source)
    {
        foreach (var first in _firstByWatch.Values)
            Forget(first);

        _firstByWatch.Clear();
        _polled.Clear();
        _audited.Clear();
        _treeWatched.Clear();
        _refused.Clear();
        _unbound.Clear();
        _source = source;
    }

    /// <summary>Watches the open directory, before it is read. False: its events are incomplete.</summary>
    /// <param name="path">Of the directory.</param>
    /// <param name="added">What adding the watch gave, where that was done ahead.</param>
    public bool Bind(int node, OpenDirectory directory, ReadOnlySpan<char> path, int? added = null)
    {
        var method = backends.MethodFor(path, map.DeviceOf(node));
        var wantsWatch = method is WatchMethod.Kernel or WatchMethod.Poll;
        var watch = wantsWatch && _source is { } source && Watched < source.WatchLimit ? added ?? source.TryAdd(directory) : 0;

        if (map.DirectoryOf(node).Watch != watch || watch <= 0)
        {
            Release(node);

            if (watch > 0)
                Attach(node, watch);
        }

        Abandon(added ?? 0);
        List(node, method, isWatched: watch > 0);
        return watch > 0 && method == WatchMethod.Kernel;
    }

    public void Release(int node)
    {
        Unlist(node);
        var watch = map.DirectoryOf(node).Watch;

        if (watch == 0)
            return;

        Unlink(watch, node);
        ref var released = ref map.MakeDirectory(node);
        released.Watch = 0;
        released.NextWithWatch = 0;

        Abandon(watch);
    }

    /// <summary>The inotify instance for a watch made ahead; null: the directory must not be watched ahead.</summary>
    public Inotify? SourceFor(int node, ReadOnlySpan<char> path) =>
        _source is { WatchLimit: int.MaxValue } source && backends.MethodFor(path, map.DeviceOf(node)) == WatchMethod.Kernel ? source : null;

    /// <summary>
    /// Marks a watch for removal if no directory uses it. It is kept until the scans made ahead are applied: the same inode may have been watched
    /// again at another place, which gives this same watch.
    /// </summary>
    public void Abandon(int watch)
    {
        if (watch > 0 && !IsBound(watch))
            _unbound.Add(watch);
    }

    /// <summary>Removes the watches that no directory uses.</summary>
    public void RemoveUnbound()
    {
        foreach (var watch in _unbound)
        {
            if (!IsBound(watch))
                _source?.Remove(watch);
        }

        _unbound.Clear();
    }

    /// <summary>The first directory with the watch; the others follow by <see cref="DirectoryRecord.NextWithWatch"/>. 0: a watch that we gave up while its events were under way.</summary>
    public int First(int watch) => _firstByWatch.GetValueOrDefault(watch);

    /// <summary>The kernel has dropped the watch: the directory is deleted or unmounted.</summary>
    public void Dropped(int watch)
    {
        if (_firstByWatch.Remove(watch, out var first))
            Forget(first);
    }

    /// <summary>At least one directory uses the watch.</summary>
    public bool IsBound(int watch) => _firstByWatch.ContainsKey(watch);

    private void Attach(int node, int watch)
    {
        ref var bound = ref map.MakeDirectory(node);
        bound.Watch = watch;
        bound.NextWithWatch = _firstByWatch.GetValueOrDefault(watch);
        _firstByWatch[watch] = node;
    }

    private void List(int node, WatchMethod method, bool isWatched)
    {
        Unlist(node);

        if (isWatched && method == WatchMethod.Kernel)
            return;

        switch (method)
        {
            case WatchMethod.TreeSource:
                _treeWatched.Add(node);
                break;

            case WatchMethod.AuditedTreeSource:
                _audited.Add(node);
                break;

            default:
                _polled.Add(node);
                break;
        }

        if (method == WatchMethod.Kernel && _source is not null)
            _refused.Add(node);
    }

    private void Unlist(int node)
    {
        _polled.Remove(node);
        _audited.Remove(node);
        _treeWatched.Remove(node);
        _refused.Remove(node);
    }

    private void Unlink(int watch, int node)
    {
        var next = map.DirectoryOf(node).NextWithWatch;

        if (_firstByWatch[watch] == node)
        {
            if (next == 0)
                _firstByWatch.Remove(watch);
            else
                _firstByWatch[watch] = next;

            return;
        }

        var before = _firstByWatch[watch];

        while (map.DirectoryOf(before).NextWithWatch != node)
            before = map.DirectoryOf(before).NextWithWatch;

        map.MakeDirectory(before).NextWithWatch = next;
    }

    private void Forget(int first)
    {
        for (var node = first; node != 0;)
        {
            ref var bound = ref map.MakeDirectory(node);
            node = bound.NextWithWatch;
            bound.Watch = 0;
            bound.NextWithWatch = 0;
        }
    }
}
