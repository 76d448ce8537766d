using System.Diagnostics;
using System.Numerics;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The watcher's view of the disk: a tree of entries from the file system's root downwards. Only <c>lstat</c> results are written
/// here; events merely say where to stat. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class StateMap
{
    /// <summary>The node of "/".</summary>
    public const int Root = 1;

    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private readonly List<Node[]> _pages = [new Node[PageSize]];
    private readonly DirectoryTable _directories = new();
    private readonly DeviceTable _devices = new();
    private NameArena _names = new();
    private int[] _buckets = new int[PageSize];
    private int _free;
    private int _next = Root;

    public StateMap()
    {
        Allocate(out var root);
        ref var node = ref this[root];
        node.Name = _names.Add([]);
        node.Set(new FileState { Kind = FileKind.Directory }, device: 0);
        Debug.Assert(root == Root, "The first node is the root");
    }

    /// <summary>Entries that exist, directories among them.</summary>
    public int Count { get; private set; }

    /// <summary>No node has a higher number.</summary>
    public int Highest => _next - 1;

    public ref Node this[int node] => ref _pages[node >> PageBits][node & (PageSize - 1)];

    public ReadOnlySpan<byte> Name(int node) => _names[this[node].Name];

    /// <summary>What <c>lstat</c> said; kind 0: not there, or not looked at yet.</summary>
    public FileState StateOf(int node)
    {
        ref var found = ref this[node];
        return found.ToState(_devices[found.Device]);
    }

    /// <summary>The device that the entry is on; 0: unknown.</summary>
    public ulong DeviceOf(int node) => _devices[this[node].Device];

    public void SetState(int node, in FileState state) => this[node].Set(state, _devices.NumberOf(state.Device));

    /// <summary>What is known of a directory; the empty record for everything else.</summary>
    public ref readonly DirectoryRecord DirectoryOf(int node) => ref _directories[this[node].Directory];

    /// <summary>The record of a directory, made if it has none yet.</summary>
    public ref DirectoryRecord MakeDirectory(int node)
    {
        ref var directory = ref this[node];

        if (directory.Directory == 0)
            directory.Directory = _directories.Add();

        return ref _directories[directory.Directory];
    }

    /// <summary>Invalidates pending stat requests about the directory's entries.</summary>
    public void Renew(int directory) => MakeDirectory(directory).Version = _directories.NextVersion();

    /// <summary>0 when the map has no such entry.</summary>
    public int Find(int parent, ReadOnlySpan<byte> name)
    {
        var node = BucketOf(parent, name);

        while (node != 0)
        {
            ref var candidate = ref this[node];

            if (candidate.Parent == parent && _names[candidate.Name].SequenceEqual(name))
                return node;

            node = candidate.NextInBucket;
        }

        return 0;
    }

    public int FindOrAdd(int parent, ReadOnlySpan<byte> name)
    {
        var node = Find(parent, name);
        return node != 0 ? node : Add(parent, name);
    }

    /// <summary>Takes out an entry that has no children (any more).</summary>
    public void Remove(int node)
    {
        ref var removed = ref this[node];
        Debug.Assert(DirectoryOf(node).FirstChild == 0, "Children go before their parent");

        if (removed.PreviousSibling == 0)
            MakeDirectory(removed.Parent).FirstChild = removed.NextSibling;
        else
            this[removed.PreviousSibling].NextSibling = removed.NextSibling;

        if (removed.NextSibling != 0)
            this[removed.NextSibling].PreviousSibling = removed.PreviousSibling;

        if (removed.Directory != 0)
            _directories.Remove(removed.Directory);

        Unchain(node);
        _names.Forget(removed.Name);
        removed = default;
        removed.NextSibling = _free;
        _free = node;
        Count--;

        if (_names.IsMostlyWaste)
            MoveNames();
    }

    /// <summary>Writes the absolute path and a zero byte; returns the length without that byte, or -1 when it does not fit.</summary>
    public int WritePath(int node, Span<byte> path)
    {
        if (node == Root)
        {
            "/\0"u8.CopyTo(path);
            return 1;
        }

        var length = 0;

        for (var at = node; at != Root; at = this[at].Parent)
            length += Name(at).Length + 1;

        if (length >= path.Length)
            return -1;

        path[length] = 0;
        var end = length;

        for (var at = node; at != Root; at = this[at].Parent)
        {
            var name = Name(at);
            end -= name.Length;
            name.CopyTo(path[end..]);
            path[--end] = (byte)'/';
        }

        return length;
    }

    private int Add(int parent, ReadOnlySpan<byte> name)
    {
        if (Count >= _buckets.Length)
            Rehash();

        Allocate(out var node);
        ref var added = ref this[node];
        ref var above = ref MakeDirectory(parent);
        added.Parent = parent;
        added.Name = _names.Add(name);
        added.Mark = above.Mark;
        added.NextSibling = above.FirstChild;

        if (above.FirstChild != 0)
            this[above.FirstChild].PreviousSibling = node;

        above.FirstChild = node;
        Chain(node);
        return node;
    }

    private void Allocate(out int node)
    {
        Count++;
        node = _free;

        if (node != 0)
        {
            _free = this[node].NextSibling;
            this[node].NextSibling = 0;
            return;
        }

        node = _next++;

        if (node >> PageBits == _pages.Count)
            _pages.Add(new Node[PageSize]);
    }

    private void Chain(int node)
    {
        ref var chained = ref this[node];
        ref var bucket = ref BucketOf(chained.Parent, _names[chained.Name]);
        chained.NextInBucket = bucket;
        bucket = node;
    }

    private void Unchain(int node)
    {
        ref var link = ref BucketOf(this[node].Parent, Name(node));

        while (link != node)
            link = ref this[link].NextInBucket;

        link = this[node].NextInBucket;
    }

    private void Rehash()
    {
        _buckets = new int[_buckets.Length * 2];

        for (var node = Root + 1; node < _next; node++)
        {
            if (this[node].Parent != 0)
                Chain(node);
        }
    }

    private void MoveNames()
    {
        var names = new NameArena();

        for (var node = Root; node < _next; node++)
        {
            if (node == Root || this[node].Parent != 0)
                this[node].Name = names.Add(_names[this[node].Name]);
        }

        _names = names;
    }

    private ref int BucketOf(int parent, ReadOnlySpan<byte> name)
    {
        var hash = BitOperations.Crc32C(0, (uint)parent);
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(name);

        foreach (var word in words)
            hash = BitOperations.Crc32C(hash, word);

        foreach (var left in name[(words.Length * sizeof(ulong))..])
            hash = BitOperations.Crc32C(hash, left);

        return ref _buckets[hash & (_buckets.Length - 1)];
    }
}
