using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Coalescing;

/// <summary>The result of comparing two states of one path.</summary>
public enum Comparison
{
    Same,
    Changed,

    /// <summary>Times and size leave it open. The first state has a hash: hash the second one and ask again.</summary>
    ContentDecides,
}

/// <summary>
/// Whether a path has changed between two looks. Everything is compared by "differs", never by "is newer": clocks jump and <c>cp -p</c>
/// puts older times over newer ones. In doubt it has changed: a reload too many is a nuisance, one too few is a lie. Pure.
/// </summary>
public static class FileComparison
{
    public static Comparison Compare(in FileState before, in FileState after, CompareMode mode)
    {
        if (before.Kind != after.Kind)
            return Comparison.Changed;

        // A directory's content is its entries; the content of a pipe or device cannot be compared.
        if (before.Kind is FileKind.Directory or FileKind.Other)
            return Comparison.Same;

        var isSameStat = before.HasSameStat(after);

        if (isSameStat && !before.Racy)
            return Comparison.Same;

        if (before.Size != after.Size)
            return Comparison.Changed;

        if (mode == CompareMode.Metadata && (before.ModifiedNs != after.ModifiedNs || !before.IsSameInode(after)))
            return Comparison.Changed;

        // What is left: other times with the same size (content mode); only the change time or the permissions differ (chmod, a new hard
        // link, but also a write whose time was put back); or a racy state, whose times prove nothing.
        return CompareContent(before, after);
    }

    private static Comparison CompareContent(in FileState before, in FileState after)
    {
        if (before.ContentHash == 0)
            return Comparison.Changed;

        if (after.ContentHash == 0)
            return Comparison.ContentDecides;

        return before.ContentHash == after.ContentHash ? Comparison.Same : Comparison.Changed;
    }
}
