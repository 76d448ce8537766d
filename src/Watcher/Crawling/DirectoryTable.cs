using Supervisor.Filtering;
using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Crawling;

/// <summary>The state map's directory records, in large pages. A record is known by its number, 0 for none. Not thread-safe: the work loop owns it.</summary>
internal sealed class DirectoryTable
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    // The first record is unused and stays empty.
    private readonly List<DirectoryRecord[]> _pages = [new DirectoryRecord[PageSize]];
    private int _next = 1;
    private int _free;
    private int _version;

    public ref DirectoryRecord this[int record] => ref _pages[record >> PageBits][record & (PageSize - 1)];

    /// <summary>Never repeats, so that requests about an earlier read, or about another directory with the same number, are recognised.</summary>
    public int NextVersion() => ++_version;

    public int Add()
    {
        var record = _free;

        if (record != 0)
            _free = this[record].FirstChild;
        else if ((record = _next++) >> PageBits == _pages.Count)
            _pages.Add(new DirectoryRecord[PageSize]);

        this[record] = new DirectoryRecord { Version = NextVersion() };
        return record;
    }

    public void Remove(int record)
    {
        this[record] = new DirectoryRecord { FirstChild = _free };
        _free = record;
    }
}

/// <summary>How a directory is to be read.</summary>
[Flags]
internal enum ReadFlags : byte
{
    None = 0,
    Wanted = 1,

    /// <summary>Everything beneath as well, known or not. Without it, only directories beneath that are new are read.</summary>
    Deep = 2,

    /// <summary>There is no baseline: what is found is the initial state, not a change.</summary>
    First = 4,

    /// <summary>No event asked for this read; a difference means that an event was missed.</summary>
    Audit = 8,

    /// <summary>The rules have changed: every entry is filtered again; what was ignored is added without a change.</summary>
    Rules = 16,

    /// <summary>The directory and everything beneath was ignored until now.</summary>
    Unignored = 32,
}

/// <summary>What the state map stores of a directory besides its entry. Nodes are referred to by number, 0 for none.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct DirectoryRecord
{
    public int FirstChild;

    /// <summary>The inotify watch descriptor of this directory; 0: none, it is polled (or need not be read).</summary>
    public int Watch;

    /// <summary>The next directory with the same watch: the same inode can be seen in two places (a bind mount, a directory just moved).</summary>
    public int NextWithWatch;

    /// <summary>Changes whenever stat results about the directory's entries become out of date: it was read again, or the number belongs to another directory.</summary>
    public int Version;

    /// <summary>What the services want in this directory; null: not computed yet.</summary>
    public DirectoryInterest? Interest;

    /// <summary>How the directory is to be read, while it is queued.</summary>
    public ReadFlags Pending;

    /// <summary>The directory's entries are in the map.</summary>
    public bool WasRead;

    /// <summary>Flips with every read: entries with the other value were not found by it.</summary>
    public bool Mark;
}
