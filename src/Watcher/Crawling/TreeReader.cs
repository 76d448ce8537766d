using System.Runtime.Versioning;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The crawler: brings the state map in line with the disk, directory by directory, and reports the differences. A directory is opened, watched and only then
/// read, all three on one descriptor: the read sees a change before the watch, the kernel reports a change after it. Only this class writes
/// the map. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class TreeReader(
    StateMap map, WatchTable watches, WatchFilter filter, RuleFileTracker rules, CompareMode compare, ICrawlObserver observer)
{
    private const int LongestName = 255;

    private readonly Queue<int> _queue = new();
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _roots =
        filter.Roots.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly LinkTable _links = new(filter, observer);
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private readonly PathText _path = new(map);
    private readonly PathText _other = new(map);
    private readonly byte[] _entries = new byte[32 * 1024];
    private readonly byte[] _content = new byte[FileInspector.BufferSize];

    /// <summary>Directories that wait to be read.</summary>
    public int Waiting => _queue.Count + Ahead;

    /// <summary>Number of entries in the map that are not directories.</summary>
    public int Files { get; private set; }

    /// <summary>The process or the system is out of file descriptors: reading has to pause.</summary>
    public bool IsStarved { get; private set; }

    /// <summary>There may be descriptors again.</summary>
    public void TryAgain() => IsStarved = false;

    /// <summary>The symbolic links that were found.</summary>
    public LinkTable Links => _links;

    /// <summary>The current read was requested by the audit alone.</summary>
    public bool IsAuditing { get; private set; }

    public void Request(int directory, ReadFlags flags)
    {
        ref var pending = ref map.MakeDirectory(directory).Pending;

        if (pending == ReadFlags.None)
            _queue.Enqueue(directory);

        pending |= flags | ReadFlags.Wanted;
    }

    /// <summary>Requests a read of every root, through its parent directory.</summary>
    public void RequestRoots(ReadFlags flags)
    {
        foreach (var root in filter.Roots)
        {
            if (root != "/")
                Request(Resolve(Path.GetDirectoryName(root.AsSpan()), add: true), flags);

            // The root may lie in a directory that the rules above it prune.
            if (Resolve(root, add: root == "/") is var node and not 0 && map[node].IsDirectory)
                Request(node, flags);
        }
    }

    /// <summary>Reads the directory that has waited longest. Something must be waiting.</summary>
    public void ReadNext()
    {
        if (_queue.Count >= Many || Ahead > 0)
            QueueAhead();

        if (Ahead > 0)
            Apply(_ahead!.Take());
        else if (_queue.TryDequeue(out var node))
            ReadAlone(node);
    }

    private void ReadAlone(int node)
    {
        var flags = map.DirectoryOf(node).Pending;

        // Removed since; if its number was reused, the new directory has its own place in the queue.
        if (flags == ReadFlags.None)
            return;

        map.MakeDirectory(node).Pending = ReadFlags.None;

        if (!_path.TrySet(node))
            return;

        IsAuditing = flags == (ReadFlags.Wanted | ReadFlags.Audit);
        Read(node, flags);
        IsAuditing = false;
    }

    /// <summary>The node of a path, or 0 when the map has none.</summary>
    public int Resolve(ReadOnlySpan<char> path) => Resolve(path, add: false);

    /// <summary>Applies a stat result. False: it is stale, stat again.</summary>
    public bool TryApply(in StatRequest request, in FileState found)
    {
        ref readonly var directory = ref map.DirectoryOf(request.Directory);

        if (directory.Version != request.Version)
            return !map[request.Directory].IsDirectory;

        if (directory.Interest is { } interest)
            Apply(request.Directory, interest, request.Name, request.Path, found, ReadFlags.None);

        return true;
    }

    /// <summary>Stats one name at once: it may be a directory that has to be read to the bottom.</summary>
    public void CheckDeep(string path)
    {
        if (path == "/")
        {
            Request(StateMap.Root, ReadFlags.Deep);
            return;
        }

        var parent = Resolve(Path.GetDirectoryName(path.AsSpan()));

        if (parent == 0 || map.DirectoryOf(parent).Interest is not { } interest || !_other.TrySet(parent))
            return;

        var name = FileName.Encode(Path.GetFileName(path.AsSpan()));
        var found = FileInspector.Stat(_other.BytesWith(name), _roots.Contains(path));
        Apply(parent, interest, name, path, found, ReadFlags.Deep);
    }

    /// <summary>A root, or its parent directory, differs from the map.</summary>
    public bool HaveRootsMoved()
    {
        foreach (var root in filter.Roots)
        {
            if (HasMoved(root) || HasMoved(Path.GetDirectoryName(root) ?? root))
                return true;
        }

        return false;
    }

    private bool HasMoved(string path)
    {
        var found = FileInspector.Stat(FileName.Encode(path + '\0'), followLink: true);
        var node = Resolve(path);
        var known = node == 0 ? default : map.StateOf(node);
        var kind = found.Kind == FileKind.Other ? default : found.Kind;
        return kind != known.Kind || (kind != default && !found.IsSameInode(known));
    }

    /// <summary>Adds the watch unless there is one. False: the directory was not watched all the time until now.</summary>
    private bool IsStillListenedTo(int node, OpenDirectory directory)
    {
        var earlier = map.DirectoryOf(node).Watch;
        return watches.Bind(node, directory, _path.Directory, _scan?.Watch) && map.DirectoryOf(node).Watch == earlier;
    }

    private int Resolve(ReadOnlySpan<char> path, bool add)
    {
        Span<byte> bytes = stackalloc byte[FileName.MaxBytes(LongestName)];
        var node = StateMap.Root;

        foreach (var part in path.Split('/'))
        {
            if (path[part].Length is 0 or > LongestName || node == 0)
                continue;

            var name = bytes[..FileName.Encode(path[part], bytes)];
            node = add ? map.FindOrAdd(node, name) : map.Find(node, name);
        }

        return node;
    }

    private bool TryOpen(out OpenDirectory directory, out int error) => _scan is { } scan
        ? scan.TryTake(out directory, out error)
        : OpenDirectory.TryOpen(_path.DirectoryBytes, _roots.Contains(_path.Directory) || _links.IsFolder(_path.Directory), out directory, out error);

    private void Read(int node, ReadFlags flags)
    {
        _earlier = map.DirectoryOf(node).Interest;
        var interest = _earlier is null || flags.HasFlag(ReadFlags.Rules) ? filter.Enter(_path.Directory.ToString()) : _earlier;

        if (interest is null)
            return;

        map.MakeDirectory(node).Interest = interest;

        if (!interest.Descends)
        {
            ReadWaypoint(node, interest, flags);
            return;
        }

        if (!TryOpen(out var directory, out var error))
        {
            OnOpenFailed(node, flags, error);
            return;
        }

        using (directory)
        {
            if (_links.IsFolder(_path.Directory) && !directory.Stat().IsSameInode(map.StateOf(node)))
            {
                // Pointed elsewhere since it was decided to follow it: there it may lead anywhere.
                CheckDeep(_path.Directory.ToString());
                return;
            }

            var isListenedTo = IsStillListenedTo(node, directory);
            var state = _scan?.State ?? directory.Stat();
            map.SetState(node, state);

            if (BeginReading(node, interest, directory, flags, out var length, out var last) is not { } current)
                return;

            map.MakeDirectory(node).Interest = current;
            map.MakeDirectory(node).WasRead = true;
            map.Renew(node);

            // The directory's times after its watch was added show a removal that no listing can show.
            if (flags.HasFlag(ReadFlags.First))
                observer.FirstSeen(_path.Directory, state, current);
            else if (!isListenedTo)
                observer.Revisited(_path.Directory, state, current);

            ReadEntries(node, current, directory, length, last, flags);
        }
    }
}
