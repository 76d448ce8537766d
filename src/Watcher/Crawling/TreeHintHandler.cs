using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources.Trees;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Turns the hints of tree sources into marks in the dirty set. Such a source knows no ignore rules and reports paths whose directory is missing in the
/// state map: for those the nearest known directory is marked. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeHintHandler(
    StateMap map, TreeReader reader, WatchFilter filter, RuleFileTracker rules, DirtySet dirty, PathHolds holds, UnseenSpans unseen)
{
    /// <summary>False: no service wants the path.</summary>
    /// <param name="span">In which it happened.</param>
    public bool Handle(TreeHint hint, TimeSpan now, UnseenSpan span)
    {
        ReadOnlySpan<char> path = hint.Path;

        if (hint.Kind == TreeHintKind.Within)
            return Mark(path, DirtyDepth.Directory);

        var folder = Above(path);
        var node = reader.Resolve(folder);

        while (node == 0 || !map[node].Exists)
        {
            if (folder.Length <= 1)
                return false;

            path = folder;
            folder = Above(folder);
            node = reader.Resolve(folder);
        }

        // Null: ignored, or not read yet; its first read finds what is there.
        if (map.DirectoryOf(node).Interest is not { } interest)
            return false;

        return path.Length == hint.Path.Length
            ? ReadEntry(node, interest, hint, now, span)
            : filter.Enter(interest, path.ToString()) is not null && MarkDirectory(interest, path, span);
    }

    private bool ReadEntry(int parent, DirectoryInterest interest, TreeHint hint, TimeSpan now, UnseenSpan span)
    {
        var entered = filter.Enter(interest, hint.Path) is not null;
        var name = FileName.Encode(Path.GetFileName(hint.Path.AsSpan()));

        if (interest.Descends && rules.Concerns(name))
        {
            rules.OnEvent(Above(hint.Path).ToString(), span.Since);
            dirty.Mark(Above(hint.Path), DirtyDepth.Directory);
        }

        var isKnownDirectory = map.Find(parent, name) is var node and not 0 && map[node].IsDirectory;

        if (isKnownDirectory)
            return hint.Kind == TreeHintKind.Changed ? Mark(hint.Path, DirtyDepth.Entry) : MarkDirectory(interest, hint.Path, span);

        var isWanted = interest.Wants(hint.Path);

        if (!isWanted && !(entered && hint.Kind == TreeHintKind.Appeared))
            return false;

        dirty.Mark(hint.Path, hint.Kind == TreeHintKind.Appeared && entered ? DirtyDepth.Subtree : DirtyDepth.Entry);

        if (!isWanted)
            return true;

        unseen.AddFile(interest, hint.Path, span);

        // No tree source reports when a writer has finished.
        if (hint.Kind == TreeHintKind.Gone)
            holds.Removed(hint.Path, now);
        else
            holds.Written(hint.Path, now);

        return true;
    }

    private bool MarkDirectory(DirectoryInterest interest, ReadOnlySpan<char> directory, UnseenSpan span)
    {
        unseen.AddDirectory(interest, directory, span);
        return Mark(directory, DirtyDepth.Subtree);
    }

    private bool Mark(ReadOnlySpan<char> path, DirtyDepth depth)
    {
        dirty.Mark(path, depth);
        return true;
    }

    private static ReadOnlySpan<char> Above(ReadOnlySpan<char> path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
