using Supervisor.Filtering;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Rule files in the tree: loaded before anything in their directory is filtered; and what happens to entries when rules change while the watcher
/// runs. Entries that become ignored leave the map without a change, entries that are no longer ignored are added without one.
/// </summary>
internal sealed partial class TreeReader
{
    // Room for one more entry with the longest name.
    private const int LargestEntry = 512;

    // Every directory above a root.
    private readonly HashSet<string> _leading = filter.Roots.SelectMany(FoldersAbove).ToHashSet(StringComparer.Ordinal);

    // In the directory that is being read under new rules: what was wanted in it under the old ones.
    private DirectoryInterest? _earlier;

    /// <summary>Lists the directory as far as the buffer goes, and loads the rules that its names announce.</summary>
    /// <param name="last">As <see cref="List"/> gives it.</param>
    /// <returns>The interest to go on with; null: the directory is no longer wanted.</returns>
    private DirectoryInterest? BeginReading(
        int node, DirectoryInterest interest, OpenDirectory directory, ReadFlags flags, out int length, out int last)
    {
        var markers = List(directory, out length, out last);

        if (!rules.Load(_path.Directory, directory, markers, out var since))
            return interest;

        // Entries filtered under other rules have to be filtered again, here and beneath.
        if (map.DirectoryOf(node).WasRead && !flags.HasFlag(ReadFlags.Rules))
        {
            observer.RulesChanged(since);
            return interest;
        }

        return filter.Enter(_path.Directory.ToString());
    }

    /// <param name="last">What the last call gave: 0 at the end, negative for an error, positive when the buffer does not hold all of it.</param>
    private DirectoryMarkers List(OpenDirectory directory, out int length, out int last)
    {
        if (_scan is { Last: <= 0 } scan)
        {
            (length, last) = (0, scan.Last);
            return MarkersIn(scan.Entries);
        }

        // Too large to be scanned ahead.
        if (_scan is not null)
            directory.Rewind();

        _scan = null;
        last = Fill(directory, out length);
        var markers = MarkersIn(_entries.AsSpan(0, length));

        if (last <= 0)
            return markers;

        // Larger than this buffer, too: once for the marks, once for the entries.
        while (last > 0)
        {
            last = Fill(directory, out length);
            markers |= MarkersIn(_entries.AsSpan(0, length));
        }

        directory.Rewind();
        last = Fill(directory, out length);
        return markers;
    }

    /// <returns>What the last call gave: 0 at the end, negative for an error.</returns>
    private int Fill(OpenDirectory directory, out int length)
    {
        int last;
        length = 0;

        do
        {
            last = directory.Read(_entries.AsSpan(length));
            length += Math.Max(0, last);
        }
        while (last > 0 && _entries.Length - length >= LargestEntry);

        return last;
    }

    private static DirectoryMarkers MarkersIn(ReadOnlySpan<byte> entries)
    {
        var markers = DirectoryMarkers.None;

        while (OpenDirectory.NextName(ref entries, out var name, out _))
            markers |= MarkerFile.Of(name);

        return markers;
    }

    /// <summary>The old rules ignored it: that it is new to the map does not mean that it is new on disk.</summary>
    private bool WasIgnored(ReadOnlySpan<char> path, bool isDirectory, ReadFlags flags) =>
        flags.HasFlag(ReadFlags.Unignored)
        || (flags.HasFlag(ReadFlags.Rules) && _earlier is { } earlier
            && (isDirectory ? filter.Enter(earlier, path.ToString()) is null : !earlier.Wants(path)));

    /// <summary>
    /// The rules prune the directory: like <see cref="Forget"/>, but roots in it stay as they are, and so do the nodes of the directories that lead to them.
    /// </summary>
    private void Leave(int node, string path)
    {
        if (!_leading.Contains(path))
        {
            Forget(node);
            return;
        }

        for (var child = map.DirectoryOf(node).FirstChild; child != 0;)
        {
            var next = map[child].NextSibling;
            var within = $"{path}/{FileName.Decode(map.Name(child))}";

            if (!_roots.Contains(within))
                Leave(child, within);

            child = next;
        }

        // Right above a root: it is watched for that root.
        if (filter.Enter(path) is not null)
            return;

        var state = map.StateOf(node);
        watches.Release(node);
        map.SetState(node, default);
        map.MakeDirectory(node).Interest = null;
        map.MakeDirectory(node).WasRead = false;

        if (state.Kind != default)
            observer.NowIgnored(path, state);
    }

    private static IEnumerable<string> FoldersAbove(string root)
    {
        for (var folder = Path.GetDirectoryName(root); folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    /// <summary>Removes the entry and everything beneath from the map because of rules, not because it is gone.</summary>
    private void Forget(int node)
    {
        while (map.DirectoryOf(node).FirstChild is var child and not 0)
            Forget(child);

        var state = map.StateOf(node);
        var path = state.Kind != default && _other.TrySet(map[node].Parent) ? _other.With(map.Name(node)).ToString() : null;
        watches.Release(node);
        map.Remove(node);

        if (state.Kind is FileKind.File or FileKind.Link)
            Files--;

        if (path is not null)
            observer.NowIgnored(path, state);
    }

    /// <summary>In a directory in which only roots matter from now on, removes whatever does not lead to one.</summary>
    private void ForgetUnwanted(int directory, DirectoryInterest interest)
    {
        for (var child = map.DirectoryOf(directory).FirstChild; child != 0;)
        {
            var next = map[child].NextSibling;
            var path = _path.With(map.Name(child)).ToString();

            if (map[child].Exists && (map[child].IsDirectory ? filter.Enter(interest, path) is null : !interest.Wants(path)))
                Leave(child, path);

            child = next;
        }
    }
}
