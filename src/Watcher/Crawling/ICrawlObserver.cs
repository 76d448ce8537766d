using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>Where the reading of directories tells what it found; called on the work loop, inside the step that found it.</summary>
internal interface ICrawlObserver
{
    /// <summary>The state map's entry has changed from one to the other; null: not there. Of a removed directory, every entry by itself, children first.</summary>
    void Changed(string path, FileState? before, FileState? after);

    /// <summary>A file's content is the same as before, and the state map knows more of it or other times: a hash that it lacked, say.</summary>
    void Refreshed(string path, in FileState before, in FileState after);

    /// <summary>Met in the first crawl, for which there is nothing to compare with.</summary>
    void FirstSeen(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest);

    /// <summary>
    /// Does not differ from the state map, but nobody has listened there all the time since it was looked at last: a file that has other times, or a
    /// directory in which something may have come and gone.
    /// </summary>
    void Revisited(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest);

    /// <summary>Ignored until the rules changed, wanted now.</summary>
    void Unignored(string path, in FileState state);

    /// <summary>Wanted until the rules changed, ignored now; its directory after everything in it.</summary>
    void NowIgnored(string path, in FileState state);

    /// <summary>A directory that was read before brings other rules now.</summary>
    /// <param name="since">They have come into force after that; null: nobody has heard when.</param>
    void RulesChanged(DateTimeOffset? since);

    /// <summary>A version-control folder that is not read.</summary>
    void RepositoryFound(string folder);

    /// <summary>The directory is there and cannot be read: what is in it goes unnoticed until that is mended.</summary>
    void Unreadable(string directory, int error);
}
