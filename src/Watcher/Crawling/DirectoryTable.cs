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
