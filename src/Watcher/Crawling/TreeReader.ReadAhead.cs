using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Many directories at once: two threads look, only the loop concludes. What was asked for is concluded before anything else is heard: no event and no
/// answer of a look comes between a scan and its conclusion, so a scan is as new as if it had been made then, or an event about the rest still
/// waits to be taken.
/// </summary>
internal sealed partial class TreeReader
{
    // Fewer are as soon read by one thread.
    private const int Many = 8;

    // There is one while much is to be read.
    private ReadAhead? _ahead;
    private Task _assisted = Task.CompletedTask;

    // The directory that is being read was scanned ahead.
    private DirectoryScan? _scan;

    private int Ahead => _ahead?.Count ?? 0;

    /// <summary>Concludes what was scanned ahead. To be called before anything but <see cref="ReadNext"/>.</summary>
    public void Settle()
    {
        while (Ahead > 0)
            Conclude(_ahead!.Take());

        if (_queue.Count == 0 && _ahead is not null)
            (_assisted, _ahead) = (_ahead.EndAsync(), null);

        watches.RemoveUnbound();
    }

    /// <summary>Completes when no other thread works for this one any more; to be called when nothing will be read any more.</summary>
    public Task EndAsync() => _ahead?.EndAsync() ?? _assisted;

    private void AskAhead()
    {
        while (Ahead < ReadAhead.Capacity && _queue.TryPeek(out var node))
        {
            ref readonly var directory = ref map.DirectoryOf(node);
            var flags = directory.Pending;

            // Removed since: there is nothing to be read, and nothing may be written to a number that is nobody's.
            if (flags != ReadFlags.None)
            {
                if (!TryAskAhead(node, directory.Version, flags, directory.Interest))
                    return;

                map.MakeDirectory(node).Pending = ReadFlags.None;
            }

            _queue.Dequeue();
        }
    }

    /// <summary>
    /// Only what a crawl reads. Roots may be links, others may lead to roots only, must not be watched, or are to be judged anew: those are read by the
    /// loop alone.
    /// </summary>
    private bool TryAskAhead(int node, int version, ReadFlags flags, DirectoryInterest? interest)
    {
        if (!flags.HasFlag(ReadFlags.Deep) || flags.HasFlag(ReadFlags.Rules) || interest is not { Descends: true } || !_path.TrySet(node) || _roots.Contains(_path.Directory)
            || watches.SourceFor(node, _path.Directory) is not { } source)
        {
            return false;
        }

        _ahead ??= new ReadAhead();
        _ahead.Ask(node, version, flags, _path.DirectoryBytes, interest, source);
        return true;
    }

    private void Conclude(DirectoryScan scan)
    {
        ref readonly var directory = ref map.DirectoryOf(scan.Node);

        // Else it was removed, or became another's, by what was concluded since it was asked for.
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
