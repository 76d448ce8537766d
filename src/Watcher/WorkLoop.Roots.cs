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
    }

    /// <summary>After a crawl without a baseline: a missing root may have existed, as far as the times of the directory above it allow.</summary>
    private void LoseTrackOfMissingRoots()
    {
        if (_baseline.Applied is null)
            return;

        foreach (var root in _filter.Roots)
        {
            var kind = FileInspector.Stat(FileName.Encode(root + '\0'), followLink: true).Kind;

            if (kind is not (FileKind.File or FileKind.Directory) && _cutoff.IsNewer(NearestAbove(root)))
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
