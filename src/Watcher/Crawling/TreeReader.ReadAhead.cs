using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Reads many directories in parallel: two threads scan, only the loop applies the results. They are applied before the loop takes any event or stat
/// result, so a scan counts as made at the moment when it is applied, and an event about anything later is still
/// queued.
/// </summary>
internal sealed partial class TreeReader
{
    // Fewer are as soon read by one thread.
    private const int Many = 8;

    // There is one while much is to be read.
    private ReadAhead? _ahead;
    private Task _lastHelper = Task.CompletedTask;

    // The directory that is being read was scanned ahead.
    private DirectoryScan? _scan;

    private int Ahead => _ahead?.Count ?? 0;

    /// <summary>Applies the scans made ahead. Call it before anything but <see cref="ReadNext"/>.</summary>
    public void Settle()
    {
        while (Ahead > 0)
            Apply(_ahead!.Take());

        if (_queue.Count == 0 && _ahead is not null)
            (_lastHelper, _ahead) = (_ahead.EndAsync(), null);

        watches.RemoveUnbound();
    }

    /// <summary>Call it after the last read. Completes when the helper thread has ended.</summary>
    public Task EndAsync() => _ahead?.EndAsync() ?? _lastHelper;

    private void QueueAhead()
    {
        while (Ahead < ReadAhead.Capacity && _queue.TryPeek(out var node))
        {
            ref readonly var directory = ref map.DirectoryOf(node);
            var flags = directory.Pending;

            // Removed since: there is nothing to read, and nothing may be written to an unused number.
            if (flags != ReadFlags.None)
            {
                if (!TryQueueAhead(node, directory.Version, flags, directory.Interest))
                    return;

                map.MakeDirectory(node).Pending = ReadFlags.None;
            }

            _queue.Dequeue();
        }
    }

    /// <summary>
    /// Only for directories of a crawl. The loop alone reads roots and links, directories that only lead to roots, those that must not be watched,
    /// and those to filter again.
    /// </summary>
    private bool TryQueueAhead(int node, int version, ReadFlags flags, DirectoryInterest? interest)
    {
        if (!flags.HasFlag(ReadFlags.Deep) || flags.HasFlag(ReadFlags.Rules) || interest is not { Descends: true } || !_path.TrySet(node) || _roots.Contains(_path.Directory) || _links.IsFolder(_path.Directory)
            || watches.SourceFor(node, _path.Directory) is not { } source)
        {
            return false;
        }

        _ahead ??= new ReadAhead();
        _ahead.Enqueue(node, version, flags, _path.DirectoryBytes, interest, source);
        return true;
    }

    private void Apply(DirectoryScan scan)
    {
        ref readonly var directory = ref map.DirectoryOf(scan.Node);

        // Else a result applied since the request removed it, or its number was reused.
        if (directory.Version == scan.Version && directory.Interest is { Descends: true } && _path.TrySet(scan.Node))
        {
            _scan = scan;
            Read(scan.Node, scan.Flags);
            _scan = null;
            return;
        }

        if (scan.TryTake(out var opened, out _))
            opened.Dispose();

        watches.Abandon(scan.Watch);

        if (map[scan.Node].IsDirectory)
            Request(scan.Node, scan.Flags);
    }
}
