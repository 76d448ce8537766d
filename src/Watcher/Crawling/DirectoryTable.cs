using Supervisor.Filtering;
using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Crawling;

/// <summary>The state map's directory records, in large pages. A record is known by its number, 0 for none. Not thread-safe: the work loop owns it.</summary>
internal sealed class DirectoryTable
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    // The first record is nobody's and stays empty.
    private readonly List<DirectoryRecord[]> _pages = [new DirectoryRecord[PageSize]];
    private int _next = 1;
    private int _free;
    private int _version;

    public ref DirectoryRecord this[int record] => ref _pages[record >> PageBits][record & (PageSize - 1)];

    /// <summary>Never given before, so that what was asked about another reading, or another directory of the same number, is told apart.</summary>
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

    /// <summary>There is nothing to compare with: what is there is the beginning, not a change.</summary>
    First = 4,

    /// <summary>Nothing is known to have happened there; whatever is found ought to have been told.</summary>
    Audit = 8,

    /// <summary>The rules have changed: everything is judged anew, what was ignored is taken in as it is.</summary>
    Rules = 16,

    /// <summary>Ignored until now with everything beneath.</summary>
    Unignored = 32,
}

/// <summary>What the state map knows of a directory over and above its entry. Nodes are named by their number, 0 for none.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct DirectoryRecord
{
    public int FirstChild;

    /// <summary>The kernel's number of the watch on this directory; 0: none, it is polled (or needs no looking at).</summary>
    public int Watch;

    /// <summary>The next directory with the same watch: the same inode can be seen in two places (a bind mount, a directory just moved).</summary>
    public int NextWithWatch;

    /// <summary>Another one whenever what was found out about the directory's entries before now is out of date: it was read again, or is another one.</summary>
    public int Version;

    /// <summary>What the services want in this directory; null while that has not been asked.</summary>
    public DirectoryInterest? Interest;

    /// <summary>How the directory is to be read, while it waits for that.</summary>
    public ReadFlags Pending;

    /// <summary>The directory's entries are in the map.</summary>
    public bool WasRead;

    /// <summary>Turns over with every reading: entries with another one were not met.</summary>
    public bool Mark;
}
