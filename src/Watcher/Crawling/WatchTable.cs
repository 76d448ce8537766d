using System.Runtime.Versioning;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Which directory is told about by which watch of the kernel, and which ones by none and have to be polled. One inode seen in two places (a bind mount,
/// a directory just moved) has one watch and tells both. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WatchTable(StateMap map)
{
    private readonly Dictionary<int, int> _firstByWatch = [];
    private readonly HashSet<int> _polled = [];
    private Inotify? _source;

    /// <summary>Directories that the kernel would not watch, or all of them when there is no inotify.</summary>
    public IReadOnlyCollection<int> Polled => _polled;

    /// <summary>Directories told about by the kernel.</summary>
    public int Watched => _firstByWatch.Count;

    /// <summary>From now on watches are taken from this instance (null: everything is polled); all earlier ones are gone with theirs.</summary>
    public void Use(Inotify? source)
    {
        foreach (var first in _firstByWatch.Values)
            Forget(first);

        _firstByWatch.Clear();
        _polled.Clear();
        _source = source;
    }

    /// <summary>Watches what is open, which must be done before it is read. False: it has to be polled.</summary>
    public bool Bind(int node, OpenDirectory directory)
    {
        var watch = _source is { } source && Watched < source.WatchLimit ? source.TryAdd(directory) : 0;

        if (map.DirectoryOf(node).Watch == watch && watch > 0)
            return true;

        Release(node);

        if (watch <= 0)
        {
            _polled.Add(node);
            return false;
        }

        ref var bound = ref map.MakeDirectory(node);
        bound.Watch = watch;
        bound.NextWithWatch = _firstByWatch.GetValueOrDefault(watch);
        _firstByWatch[watch] = node;
        return true;
    }

    public void Release(int node)
    {
        _polled.Remove(node);
        var watch = map.DirectoryOf(node).Watch;

        if (watch == 0)
            return;

        Unlink(watch, node);
        ref var released = ref map.MakeDirectory(node);
        released.Watch = 0;
        released.NextWithWatch = 0;

        if (!_firstByWatch.ContainsKey(watch))
            _source?.Remove(watch);
    }

    /// <summary>The first directory with the watch; the others follow by <see cref="DirectoryRecord.NextWithWatch"/>. 0: a watch that we gave up while its events were under way.</summary>
    public int First(int watch) => _firstByWatch.GetValueOrDefault(watch);

    /// <summary>The kernel has dropped the watch: the directory is deleted or unmounted.</summary>
    public void Dropped(int watch)
    {
        if (_firstByWatch.Remove(watch, out var first))
            Forget(first);
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
