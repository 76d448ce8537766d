using System.Runtime.Versioning;
using Supervisor.Watcher.Sources;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Which directory is told about by which watch of the kernel, and which ones by none and have to be gone through. One inode seen in two places (a bind mount,
/// a directory just moved) has one watch and tells both. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WatchTable(StateMap map, Backends backends)
{
    private readonly Dictionary<int, int> _firstByWatch = [];
    private readonly HashSet<int> _polled = [];
    private readonly HashSet<int> _audited = [];
    private readonly HashSet<int> _told = [];
    private readonly HashSet<int> _refused = [];
    private readonly List<int> _unbound = [];
    private Inotify? _source;

    /// <summary>Directories that are gone through round by round; of some the kernel tells a part as well.</summary>
    public IReadOnlySet<int> Polled => _polled;

    /// <summary>Those that a tree source tells of, though not reliably: gone through in slow rounds.</summary>
    public IReadOnlySet<int> Audited => _audited;

    /// <summary>Those of the polled ones that the kernel would not watch although it was asked to.</summary>
    public IReadOnlySet<int> Refused => _refused;

    /// <summary>Directories told about by the kernel.</summary>
    public int Watched => _firstByWatch.Count;

    /// <summary>By whatever means they are heard of.</summary>
    public int Directories => Watched + _told.Count + _audited.Count + _polled.Count(node => map.DirectoryOf(node).Watch == 0);

    /// <summary>The kernel's events tell of everything.</summary>
    public bool IsKernelEnough => _polled.Count == 0 && _audited.Count == 0 && _told.Count == 0;

    /// <summary>From now on watches are taken from this instance (null: everything is polled); all earlier ones are gone with theirs.</summary>
    public void Use(Inotify? source)
    {
        foreach (var first in _firstByWatch.Values)
            Forget(first);

        _firstByWatch.Clear();
        _polled.Clear();
        _audited.Clear();
        _told.Clear();
        _refused.Clear();
        _unbound.Clear();
        _source = source;
    }

    /// <summary>Watches what is open, which must be done before it is read. False: the kernel does not tell of everything in it.</summary>
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

    /// <summary>What watches the directory by itself if it may be watched ahead; null: it may not.</summary>
    public Inotify? SourceFor(int node, ReadOnlySpan<char> path) =>
        _source is { WatchLimit: int.MaxValue } source && backends.MethodFor(path, map.DeviceOf(node)) == WatchMethod.Kernel ? source : null;

    /// <summary>
    /// No directory may depend on the watch any more. It is kept until what was scanned ahead is concluded: the same inode may just have been watched
    /// again, at another place, and that is this very watch.
    /// </summary>
    public void Abandon(int watch)
    {
        if (watch > 0 && !IsBound(watch))
            _unbound.Add(watch);
    }

    /// <summary>Gives the kernel back what no directory depends on.</summary>
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

    /// <summary>Some directory depends on the watch.</summary>
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
                _told.Add(node);
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
        _told.Remove(node);
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
