using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>Loads the state that an earlier watcher logged, and writes the snapshot of this one.</summary>
internal sealed partial class TreeReader : IStateSink
{
    private string _folder = "";
    private int _folderNode;

    void IStateSink.Set(ReadOnlySpan<char> path, in FileState state)
    {
        var node = FindOrAdd(path);

        if (!map[node].Exists && state.Kind != FileKind.Directory)
            Files++;

        map.SetState(node, state);
    }

    void IStateSink.Remove(ReadOnlySpan<char> path)
    {
        var node = Resolve(path);

        if (node == 0)
            return;

        if (map[node].Exists && !map[node].IsDirectory)
            Files--;

        map.SetState(node, default);

        if (map.DirectoryOf(node).FirstChild == 0 && node != StateMap.Root)
            map.Remove(node);

        _folder = "";
    }

    /// <summary>Writes the map as it was at the last batch, parents before their children.</summary>
    public void Write(SnapshotWriter snapshot, PendingChanges pending)
    {
        Write(StateMap.Root, snapshot, pending);

        foreach (var removed in pending.Removed)
            snapshot.Add(removed.Path, removed.Before!.Value);
    }

    private void Write(int directory, SnapshotWriter snapshot, PendingChanges pending)
    {
        var isSet = false;

        for (var child = map.DirectoryOf(directory).FirstChild; child != 0; child = map[child].NextSibling)
        {
            if (map[child].Exists && IsWanted(child) && (isSet || (isSet = _other.TrySet(directory))))
            {
                var path = _other.With(map.Name(child));
                var state = pending.TryGetBefore(path, out var before) ? before : map.StateOf(child);

                if (state is { } written)
                    snapshot.Add(path, written);
            }

            if (map.DirectoryOf(child).FirstChild == 0)
                continue;

            Write(child, snapshot, pending);
            isSet = false;
        }
    }

    /// <summary>False for a directory that only leads to a root.</summary>
    private bool IsWanted(int node) => map.DirectoryOf(node).Interest is not { Descends: false };

    // Entries arrive directory by directory: usually the same one as before.
    private int FindOrAdd(ReadOnlySpan<char> path)
    {
        var folder = Path.GetDirectoryName(path);

        if (_folder.Length == 0 || !folder.SequenceEqual(_folder))
        {
            _folder = folder.ToString();
            _folderNode = Resolve(folder, add: true);
        }

        Span<byte> name = stackalloc byte[FileName.MaxBytes(LongestName)];
        return map.FindOrAdd(_folderNode, name[..FileName.Encode(Path.GetFileName(path), name)]);
    }
}
