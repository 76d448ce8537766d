using Supervisor.Filtering;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher;

/// <summary>Roots that no event covers: missing ones, and those reached through a symbolic link.</summary>
internal sealed partial class WorkLoop
{
    private void InspectRoots()
    {
        if (_reader.HaveRootsMoved())
            ReadMovedRoots();

        // A link's target lies in a directory without a watch.
        foreach (var root in _filter.Roots)
        {
            if (FileInspector.Stat(FileName.Encode(root + '\0'), followLink: false).Kind == FileKind.Link)
                _dirty.Mark(root, DirtyDepth.Entry);
        }

        InspectLinks();
    }

    /// <summary>
    /// Without a baseline, a root that the state map lacks may have existed, as far as the times of the directory above it allow. Whether it is on disk again
    /// proves nothing: it may be gone before anybody looks.
    /// </summary>
    private void LoseTrackOfMissingRoots()
    {
        if (_baseline.Applied is null)
            return;

        foreach (var root in _filter.Roots)
        {
            if (!_map[_reader.Resolve(root)].Exists && _cutoff.IsNewer(NearestAbove(root)))
                _outbox.LostTrackBeneath(root);
        }
    }

    private static FileState NearestAbove(string path)
    {
        var found = default(FileState);

        while (found.Kind == default && path != "/")
        {
            path = Path.GetDirectoryName(path)!;
            found = FileInspector.Stat(FileName.Encode(path + '\0'), followLink: true);
        }

        return found;
    }
}
