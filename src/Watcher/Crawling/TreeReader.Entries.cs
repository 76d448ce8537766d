using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>Applies what a read or a stat found to the state map, one entry at a time.</summary>
internal sealed partial class TreeReader
{
    /// <param name="length">Of the entries in the buffer, unless the directory was scanned ahead.</param>
    /// <param name="last">As <see cref="List"/> gave it.</param>
    private void ReadEntries(int node, DirectoryInterest interest, OpenDirectory directory, int length, int last, ReadFlags flags)
    {
        ref var read = ref map.MakeDirectory(node);
        read.Mark = !read.Mark;

        if (_scan is { } scan)
            ProcessEntries(node, interest, directory, scan.Entries, scan, flags);
        else
            ProcessEntries(node, interest, directory, _entries.AsSpan(0, length), scan: null, flags);

        while (last > 0 && (last = directory.Read(_entries)) > 0)
            ProcessEntries(node, interest, directory, _entries.AsSpan(0, last), scan: null, flags);

        // An error means that the directory was removed during the read: its parent has an event.
        if (last == 0)
            RemoveNotFound(node);
        else
            MarkAll(node);
    }

    private void ProcessEntries(
        int node, DirectoryInterest interest, OpenDirectory directory, ReadOnlySpan<byte> entries, DirectoryScan? scan, ReadFlags flags)
    {
        for (var at = 0; OpenDirectory.NextName(ref entries, out var name, out var mayBeDirectory); at++)
            ProcessEntry(node, interest, directory, name, mayBeDirectory, scan?.Found(at), flags);
    }

    /// <param name="looked">The stat result of a scan made ahead; null: none yet.</param>
    private void ProcessEntry(
        int node, DirectoryInterest interest, OpenDirectory directory, ReadOnlySpan<byte> name, bool mayBeDirectory, FileState? looked, ReadFlags flags)
    {
        var path = _path.With(name);
        var known = map.Find(node, name);

        if (known == 0 && !mayBeDirectory && !interest.Wants(path))
            return;

        var isRoot = IsRoot(interest, path);
        var found = isRoot || looked is null ? directory.Stat(name, followLink: isRoot) : looked.Value;

        // Gone again: if the map has the entry, RemoveNotFound removes it.
        if (found.Kind == default)
            return;

        if (known != 0)
            map[known].Mark = map.DirectoryOf(node).Mark;

        Apply(node, interest, name, path, found, flags);
    }

    private void RemoveNotFound(int node)
    {
        var mark = map.DirectoryOf(node).Mark;

        for (var child = map.DirectoryOf(node).FirstChild; child != 0;)
        {
            var next = map[child].NextSibling;

            if (map[child].Mark != mark)
                Remove(child);

            child = next;
        }
    }

    private void MarkAll(int node)
    {
        for (var child = map.DirectoryOf(node).FirstChild; child != 0; child = map[child].NextSibling)
            map[child].Mark = map.DirectoryOf(node).Mark;
    }

    /// <summary>
    /// A directory in which only roots matter. It need not be readable (a home folder's parent often is not): then there are no events about
    /// its entries, and a timer checks the roots.
    /// </summary>
    private void ReadWaypoint(int node, DirectoryInterest interest, ReadFlags flags)
    {
        var isListenedTo = false;

        if (OpenDirectory.TryOpen(_path.DirectoryBytes, followLink: true, out var directory, out _))
        {
            using (directory)
                isListenedTo = IsStillListenedTo(node, directory);
        }
        else
        {
            watches.Release(node);
        }

        var state = FileInspector.Stat(_path.DirectoryBytes, followLink: true);
        map.SetState(node, state);
        map.Renew(node);

        if (flags.HasFlag(ReadFlags.Rules))
            ForgetUnwanted(node, interest);

        foreach (var single in interest.SingleNames)
        {
            var name = FileName.Encode(single);
            var found = FileInspector.Stat(_path.BytesWith(name), followLink: true);
            Apply(node, interest, name, _path.With(name), found, flags);

            // For an existing entry, its own times show a change.
            if (!isListenedTo && found.Kind == default)
                observer.Revisited(_path.With(name), state, interest);
        }
    }

    private void Apply(
        int parent, DirectoryInterest interest, ReadOnlySpan<byte> name, ReadOnlySpan<char> path, in FileState looked, ReadFlags flags)
    {
        var node = map.Find(parent, name);
        var found = _links.Seen(interest, path, looked);

        if (looked.Kind == FileKind.Link && found.Kind == FileKind.File && compare == CompareMode.Content)
            found = WithHash(parent, node, name, found);

        if (node != 0 && map[node].Exists && map[node].IsDirectory != (found.Kind == FileKind.Directory))
        {
            // What other rules have made ignored meanwhile is not told as removed, so that the log has to learn it here.
            if (map[node].IsDirectory || interest.Wants(path))
                Remove(node);
            else
                Forget(node);

            node = 0;
        }

        if (found.Kind == FileKind.Directory)
            ApplyDirectory(parent, node, interest, name, path, found, flags);
        else if (found.Kind is FileKind.File or FileKind.Link && interest.Wants(path))
            ApplyFile(parent, node, interest, name, path, found, flags);
        else if (node != 0 && found.Kind is FileKind.File or FileKind.Link)
            Forget(node);
        else if (node != 0)
            Remove(node);
    }

    private void ApplyDirectory(
        int parent, int node, DirectoryInterest interest, ReadOnlySpan<byte> name, ReadOnlySpan<char> path, in FileState found, ReadFlags flags)
    {
        var within = node == 0 || flags.HasFlag(ReadFlags.Rules) ? null : map.DirectoryOf(node).Interest;
        var text = within is null ? path.ToString() : null;
        within ??= filter.Enter(interest, text!);

        if (within is null)
        {
            // What happens in a repository that nobody watches holds no change back.
            if (BuiltInIgnores.IsVersionControlFolder(Path.GetFileName(path)) && filter.Enter(Path.GetDirectoryName(text!)!) is { ServiceIndexes.Count: > 0 })
                observer.RepositoryFound(text!);

            if (node != 0)
                Leave(node, text!);

            return;
        }

        if (node == 0 || !map[node].Exists)
        {
            var isUnignored = WasIgnored(path, isDirectory: true, flags);
            node = Add(parent, name, found);
            map.MakeDirectory(node).Interest = within;
            Request(node, (flags & ReadFlags.First) | ReadFlags.Deep | (isUnignored ? ReadFlags.Unignored : ReadFlags.None));
            Report(path, found, within, isUnignored, flags);
            return;
        }

        ref var known = ref map.MakeDirectory(node);
        var isAnother = !map.StateOf(node).IsSameInode(found);

        // Until the directory itself is read, its contents are compared under the old rules.
        if (!flags.HasFlag(ReadFlags.Rules) || known.Interest is null)
            known.Interest = within;

        map.SetState(node, found);

        if (isAnother || !known.WasRead || flags.HasFlag(ReadFlags.Deep))
            Request(node, flags | (isAnother ? ReadFlags.Deep : ReadFlags.None));
    }

    private void ApplyFile(
        int parent, int node, DirectoryInterest interest, ReadOnlySpan<byte> name, ReadOnlySpan<char> path, in FileState found, ReadFlags flags)
    {
        if (node == 0 || !map[node].Exists)
        {
            var isUnignored = WasIgnored(path, isDirectory: false, flags);
            Add(parent, name, found);
            Files++;
            Report(path, found, interest, isUnignored, flags);
            return;
        }

        var before = map.StateOf(node);
        var isSameStat = found.ContentHash == 0 && before.HasSameStat(found) && !before.Racy;
        var after = isSameStat ? found with { ContentHash = before.ContentHash } : found;
        var comparison = FileComparison.Compare(before, after, compare);

        if (comparison == Comparison.ContentDecides)
        {
            after = after with { ContentHash = HashOf(parent, name, found, _links.Contains(path)) };
            comparison = FileComparison.Compare(before, after, compare);
        }

        map.SetState(node, after);

        if (comparison != Comparison.Same)
        {
            observer.Changed(path.ToString(), before, after);
            return;
        }

        if (before != after)
            observer.Refreshed(path.ToString(), before, after);

        // What a link leads to has no events.
        if ((flags != ReadFlags.None || _links.Contains(path)) && !before.HasSameStat(after))
            observer.Revisited(path, after, interest);
    }

    private ulong HashOf(int parent, ReadOnlySpan<byte> name, in FileState found, bool followLink) =>
        _other.TrySet(parent) ? FileInspector.ContentHash(_other.BytesWith(name), found, _content, followLink) : 0;

    // The workers, which hash everything else, do not follow links.
    private FileState WithHash(int parent, int node, ReadOnlySpan<byte> name, in FileState found)
    {
        var known = node == 0 ? default : map.StateOf(node);
        var isKnown = known.ContentHash != 0 && !known.Racy && known.HasSameStat(found);
        return found with { ContentHash = isKnown ? known.ContentHash : HashOf(parent, name, found, followLink: true) };
    }

    private int Add(int parent, ReadOnlySpan<byte> name, in FileState found)
    {
        var node = map.FindOrAdd(parent, name);
        map.SetState(node, found);
        map[node].Mark = map.DirectoryOf(parent).Mark;
        return node;
    }

    private void Report(ReadOnlySpan<char> path, in FileState found, DirectoryInterest interest, bool isUnignored, ReadFlags flags)
    {
        if (flags.HasFlag(ReadFlags.First))
            observer.FirstSeen(path, found, interest);
        else if (found.Kind == FileKind.Directory && !interest.Descends)
            return;
        else if (isUnignored)
            observer.Unignored(path.ToString(), found);
        else
            observer.Changed(path.ToString(), before: null, found);
    }

    /// <summary>Removes the entry and everything in it.</summary>
    private void Remove(int node)
    {
        while (map.DirectoryOf(node).FirstChild is var child and not 0)
            Remove(child);

        var state = map.StateOf(node);
        var isWanted = state.Kind != default && IsWanted(node);
        var path = isWanted && _other.TrySet(map[node].Parent) ? _other.With(map.Name(node)).ToString() : null;
        watches.Release(node);
        map.Remove(node);

        if (state.Kind is FileKind.File or FileKind.Link)
            Files--;

        if (path is not null)
            observer.Changed(path, state, after: null);
    }

    private bool IsRoot(DirectoryInterest interest, ReadOnlySpan<char> path) => interest.SingleNames.Count > 0 && _roots.Contains(path);
}
