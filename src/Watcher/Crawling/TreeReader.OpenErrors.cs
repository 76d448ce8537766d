using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Interop;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>Directories that cannot be opened.</summary>
internal sealed partial class TreeReader
{
    private void OnOpenFailed(int node, ReadFlags flags, int error)
    {
        switch (error)
        {
            case LibC.EMFILE or LibC.ENFILE or LibC.ENOMEM:
                IsStarved = true;
                Request(node, flags);
                break;

            case LibC.EACCES or LibC.EPERM:
                map.MakeDirectory(node).WasRead = false;
                ReportUnreadable(error);
                break;

            default:
                OnMissing(node);
                break;
        }
    }

    private void ReportUnreadable(int error)
    {
        var path = _path.Directory.ToString();

        if (_unreadable.Add(path))
            observer.Unreadable(path, error);
    }

    /// <summary>The directory does not exist any more.</summary>
    private void OnMissing(int node)
    {
        watches.Release(node);
        var parent = map[node].Parent;

        if (map.DirectoryOf(parent).Interest is not { } interest || !_other.TrySet(parent))
            return;

        var path = _path.Directory.ToString();
        var name = map.Name(node).ToArray();
        var found = FileInspector.Stat(_other.BytesWith(name), _roots.Contains(path));

        // It exists again: its parent has an event about that, and it will be read for it.
        if (found.Kind != FileKind.Directory)
            Apply(parent, interest, name, path, found, ReadFlags.None);
    }
}
