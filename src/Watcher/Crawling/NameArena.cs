using System.Diagnostics;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Stores the names of the state map back to back in pages so large that the garbage collector never moves them: no object per name. A name is identified
/// by the number that <see cref="Add"/> returned. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class NameArena
{
    private const int PageBits = 17;
    private const int PageSize = 1 << PageBits;
    private const int LongestName = 255;

    private readonly List<byte[]> _pages = [];
    private int _used = PageSize;
    private long _wasted;

    /// <summary>More than half of a large arena holds names that are no longer used.</summary>
    public bool IsMostlyWaste => _wasted > 4 * PageSize && _wasted > (long)_pages.Count * PageSize / 2;

    /// <param name="name">At most 255 bytes: no file system of Linux has longer ones.</param>
    public int Add(ReadOnlySpan<byte> name)
    {
        Debug.Assert(name.Length <= LongestName, "The kernel gives no longer names");

        if (_used + name.Length + 1 > PageSize)
        {
            _pages.Add(GC.AllocateUninitializedArray<byte>(PageSize));
            _used = 0;
        }

        var at = _used;
        var page = _pages[^1];
        page[at] = (byte)name.Length;
        name.CopyTo(page.AsSpan(at + 1));
        _used += name.Length + 1;
        return ((_pages.Count - 1) << PageBits) | at;
    }

    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var page = _pages[number >> PageBits];
            var at = number & (PageSize - 1);
            return page.AsSpan(at + 1, page[at]);
        }
    }

    public void Forget(int number) => _wasted += this[number].Length + 1;
}
