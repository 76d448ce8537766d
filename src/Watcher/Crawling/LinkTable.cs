using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Filtering.Links;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The symbolic links in the watched folders. For the state map, one that is followed is what it leads to. The folders that it leads through have no watch,
/// so a timer looks at every link again. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinkTable(WatchFilter filter, ICrawlObserver observer)
{
    // Full means that a folder of links is watched. Those beyond are not followed; only they themselves count.
    private const int Capacity = 4_096;

    private readonly Dictionary<string, KnownLink> _known = new(StringComparer.Ordinal);

    /// <summary>No link is looked at by the clock.</summary>
    public bool IsEmpty => _known.Count == 0;

    /// <summary>Opening the path has to follow a link.</summary>
    public bool IsFolder(ReadOnlySpan<char> path) => filter.Links.Contains(path);

    /// <summary>The path is a link.</summary>
    public bool Contains(ReadOnlySpan<char> path) => _known.Count > 0 && Lookup.ContainsKey(path);

    /// <summary>The link itself, where the path is a link that is followed; null: it is none.</summary>
    public FileState? Followed(ReadOnlySpan<char> path) =>
        _known.Count > 0 && Lookup.TryGetValue(path, out var known) && known.Verdict == LinkVerdict.Followed ? known.Link : null;

    /// <summary>What counts as found at the path: for a link that is followed, its target.</summary>
    /// <param name="interest">Of the directory that it was found in.</param>
    /// <param name="found">As <c>lstat</c> says; of a watch path, as <c>stat</c> says.</param>
    public FileState Seen(DirectoryInterest interest, ReadOnlySpan<char> path, in FileState found)
    {
        if (found.Kind != FileKind.Link)
        {
            if (_known.Count > 0)
                Forget(path);

            return found;
        }

        if (!interest.FollowsLinks || (_known.Count >= Capacity && !Contains(path)))
            return found;

        var link = path.ToString();
        var target = Target(link);
        var within = target.Kind == FileKind.Directory ? filter.Enter(interest, link) : null;

        // A folder that is ignored is ignored under every name.
        var verdict = within is not null ? FollowsFolder(within, link, found, target)
            : target.Kind == FileKind.Directory ? LinkVerdict.Ignored
            : interest.Wants(link) ? FollowsFile(link, found, target)
            : LinkVerdict.Ignored;

        if (within is null || verdict != LinkVerdict.Followed)
            filter.Links.Remove(link);

        _known[link] = new KnownLink(found, target, verdict);
        return verdict == LinkVerdict.Followed || (verdict == LinkVerdict.Ignored && target.Kind == FileKind.Directory) ? target : found;
    }

    /// <summary>The links that are others than when they were seen, or lead to something else. They have to be seen again.</summary>
    public IReadOnlyList<string> TakeChanged()
    {
        var changed = new List<string>();

        foreach (var (path, known) in _known)
        {
            var link = FileInspector.Stat(FileName.Encode(path + '\0'), followLink: false);

            if (link.Kind == FileKind.Link && known.Link.IsSameInode(link) && known.LeadsTo(Target(path)))
                continue;

            // Whoever sees it again makes it known again; where nobody does, it is no longer watched.
            changed.Add(path);
            _known.Remove(path);

            if (link.Kind == default)
                filter.Links.Remove(path);
        }

        return changed;
    }

    private void Forget(ReadOnlySpan<char> path)
    {
        if (Lookup.Remove(path))
            filter.Links.Remove(path);
    }

    private LinkVerdict FollowsFile(string link, in FileState found, in FileState target)
    {
        if (target.Kind != FileKind.File)
            return LinkVerdict.Refused;

        return Decided(link, found, target)
            ?? (LinkReader.RealPath(link) is { } real && LinkPolicy.IsOfTheSystem(real) ? LinkVerdict.Refused : LinkVerdict.Followed);
    }

    private LinkVerdict FollowsFolder(DirectoryInterest within, string link, in FileState found, in FileState target)
    {
        if (Decided(link, found, target) is { } decided)
            return decided;

        if (LinkReader.Read(filter, link) is not { } folder)
            return LinkVerdict.Refused;

        var refusal = LinkPolicy.ReasonNotToFollow(filter, within, folder) ?? LinkReader.ReasonOfSize(folder.Target);

        if (refusal is null)
            filter.Links.Set(link, folder.Target);
        else
            observer.LinkRefused(folder, refusal);

        return refusal is null ? LinkVerdict.Followed : LinkVerdict.Refused;
    }

    /// <summary>The decision of last time, if the same link leads to the same thing. What was ignored was not decided.</summary>
    private LinkVerdict? Decided(string link, in FileState found, in FileState target) =>
        _known.TryGetValue(link, out var known) && known.Verdict != LinkVerdict.Ignored && known.Link.IsSameInode(found) && known.Target.Kind == target.Kind
        && known.Target.IsSameInode(target) && (target.Kind != FileKind.Directory || known.Verdict != LinkVerdict.Followed || filter.Links.Contains(link))
            ? known.Verdict
            : null;

    private static FileState Target(string path) => FileInspector.Stat(FileName.Encode(path + '\0'), followLink: true);

    private Dictionary<string, KnownLink>.AlternateLookup<ReadOnlySpan<char>> Lookup => _known.GetAlternateLookup<ReadOnlySpan<char>>();

    private enum LinkVerdict : byte
    {
        /// <summary>Neither it nor what it leads to is wanted.</summary>
        Ignored,

        /// <summary>It counts as itself.</summary>
        Refused,

        /// <summary>It counts as its target.</summary>
        Followed,
    }

    /// <param name="Target">The default value: it leads nowhere.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct KnownLink(FileState Link, FileState Target, LinkVerdict Verdict)
    {
        // The entries of a folder are watched on their own; a file's content has no other watch.
        public bool LeadsTo(in FileState now) =>
            Target.Kind == now.Kind && Target.IsSameInode(now)
            && (Verdict != LinkVerdict.Followed || now.Kind != FileKind.File || (Target.HasSameStat(now) && !Target.Racy));
    }
}
