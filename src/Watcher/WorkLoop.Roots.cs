using Supervisor.Filtering;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher;

/// <summary>Roots of which nobody tells: those that are not there, and those that a symbolic link leads to.</summary>
internal sealed partial class WorkLoop
{
    private void LookAtRoots()
    {
        if (_reader.HaveRootsMoved())
            ReadMovedRoots();

        // What a link leads to lies in a directory that nobody listens in.
        foreach (var root in _filter.Roots)
        {
            if (FileInspector.Stat(FileName.Encode(root + '\0'), followLink: false).Kind == FileKind.Link)
                _dirty.Mark(root, DirtyDepth.Entry);
        }
    }

    /// <summary>After a crawl with nothing to compare with: a root that is not there may have been there, for all that the directory above it says.</summary>
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
