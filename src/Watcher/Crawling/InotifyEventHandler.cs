using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Watcher.Interop;
using Supervisor.Watcher.Sources;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Crawling;

/// <summary>What a chunk of raw events says besides marking single paths.</summary>
/// <param name="LostTrack">Events are missing: everything has to be read again.</param>
/// <param name="RootTouched">A root, or its parent directory, appeared, disappeared or moved.</param>
/// <param name="Heard">At least one event was about something that a service wants.</param>
internal readonly record struct EventSummary(bool LostTrack, bool RootTouched, bool Heard);

/// <summary>
/// Turns raw inotify events into marks in the dirty set: which path to inspect, and how deep. Events are trusted for nothing else, except
/// that a writer has begun or finished. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class InotifyEventHandler(
    StateMap map, WatchTable watches, WatchFilter filter, RuleFileTracker rules, DirtySet dirty, PathHolds holds, UnseenSpans unseen, Cookies cookies,
    Backends backends)
{
    private const uint AboutContent =
        LibC.IN_CREATE | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO | LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE;

    private const uint AboutItself = LibC.IN_IGNORED | LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF | LibC.IN_UNMOUNT;

    private readonly PathText _path = new(map);

    /// <param name="span">In which the events happened.</param>
    public EventSummary Handle(ReadOnlySpan<byte> events, TimeSpan now, UnseenSpan span)
    {
        var summary = default(EventSummary);

        while (!events.IsEmpty)
            summary = Handle(RawEvent.Next(ref events), summary, now, span);

        return summary;
    }

    private EventSummary Handle(RawEvent happened, EventSummary summary, TimeSpan now, UnseenSpan span)
    {
        if (happened.Has(LibC.IN_Q_OVERFLOW))
            return summary with { LostTrack = true };

        if (happened.Watch == cookies.Watch)
        {
            cookies.OnEvent(happened);
            return summary;
        }

        backends.OnEvent(happened);

        // No node: a watch that was removed while its events were queued. They no longer matter.
        for (var node = watches.First(happened.Watch); node != 0;)
        {
            var next = map.DirectoryOf(node).NextWithWatch;
            backends.OnEventFrom(map.DeviceOf(node));

            if (happened.Name.IsEmpty)
                summary = summary with { RootTouched = summary.RootTouched | ReadAboutItself(node, happened) };
            else
                summary = summary with { Heard = summary.Heard | ReadAboutEntry(node, happened, now, span) };

            node = next;
        }

        if (happened.Has(LibC.IN_IGNORED))
            watches.Dropped(happened.Watch);

        return summary;
    }

    private bool ReadAboutItself(int node, RawEvent happened)
    {
        if (map.DirectoryOf(node).Interest is not { } interest || !_path.TrySet(node))
            return false;

        // The directory above has an event too, but it may be polled and have no watch.
        if (interest.Descends)
            dirty.Mark(_path.Directory, DirtyDepth.Entry);

        return happened.Has(AboutItself) && (!interest.Descends || filter.Roots.Contains(_path.Directory.ToString(), StringComparer.Ordinal));
    }

    private bool ReadAboutEntry(int node, RawEvent happened, TimeSpan now, UnseenSpan span)
    {
        if (map.DirectoryOf(node).Interest is not { } interest || !_path.TrySet(node))
            return false;

        if (rules.Concerns(happened.Name))
            ReadAboutRules(interest, happened, span);

        var path = _path.With(happened.Name);
        var isDirectory = happened.Has(LibC.IN_ISDIR);

        if (isDirectory && map.Find(node, happened.Name) == 0 && filter.Enter(interest, path.ToString()) is null)
            return false;

        if (!isDirectory && !interest.Wants(path))
            return ReadAboutLink(node, interest, path, happened, span);

        // A new directory is read to the bottom, even if its name is known: its contents had no events.
        var isNewDirectory = isDirectory && happened.Has(LibC.IN_CREATE | LibC.IN_MOVED_TO);
        dirty.Mark(path, isNewDirectory ? DirtyDepth.Subtree : DirtyDepth.Entry);

        if (!isDirectory)
            Hold(path, happened, now);

        if (happened.Has(AboutContent) && isDirectory)
            unseen.AddDirectory(interest, path, span);
        else if (happened.Has(AboutContent))
            unseen.AddFile(interest, path, span);

        return true;
    }

    /// <summary>A link to a folder matters by what it leads to, not by its own name; the kernel does not say whether a new name is one.</summary>
    private bool ReadAboutLink(int directory, DirectoryInterest interest, ReadOnlySpan<char> path, RawEvent happened, UnseenSpan span)
    {
        const uint About = LibC.IN_CREATE | LibC.IN_MOVED_TO | LibC.IN_DELETE | LibC.IN_MOVED_FROM;

        if (!interest.FollowsLinks || !happened.Has(About))
            return false;

        var isFollowed = map.Find(directory, happened.Name) is var known and not 0 && map[known].IsDirectory;

        if (!isFollowed && (!happened.Has(LibC.IN_CREATE | LibC.IN_MOVED_TO) || filter.Enter(interest, path.ToString()) is null))
            return false;

        dirty.Mark(path, DirtyDepth.Entry);

        if (isFollowed)
            unseen.AddDirectory(interest, path, span);

        return isFollowed;
    }

    /// <summary>The directory is listed again. A write that has only begun is ignored: a close or a rename follows.</summary>
    private void ReadAboutRules(DirectoryInterest interest, RawEvent happened, UnseenSpan span)
    {
        if (!interest.Descends || happened.Has(LibC.IN_MODIFY))
            return;

        rules.OnEvent(_path.Directory.ToString(), span.Since);
        dirty.Mark(_path.Directory, DirtyDepth.Directory);
    }

    private void Hold(ReadOnlySpan<char> path, RawEvent happened, TimeSpan now)
    {
        if (happened.Has(LibC.IN_CLOSE_WRITE | LibC.IN_MOVED_TO))
            holds.Closed(path);
        else if (happened.Has(LibC.IN_CREATE | LibC.IN_MODIFY))
            holds.Written(path, now);
        else if (happened.Has(LibC.IN_DELETE | LibC.IN_MOVED_FROM))
            holds.Removed(path, now);
    }
}
