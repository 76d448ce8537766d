using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Filtering.Links;

namespace Supervisor.Watcher.Crawling;

/// <summary>Receives what a crawl finds; called on the work loop, inside the step that found it.</summary>
internal interface ICrawlObserver
{
    /// <summary>The state map's entry has changed from one to the other; null: not there. Of a removed directory, every entry by itself, children first.</summary>
    void Changed(string path, FileState? before, FileState? after);

    /// <summary>A file's content is the same as before, and the state map knows more of it or other times: a hash that it lacked, say.</summary>
    void Refreshed(string path, in FileState before, in FileState after);

    /// <summary>Found in the first crawl, which has no baseline.</summary>
    void FirstSeen(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest);

    /// <summary>
    /// Does not differ from the state map, but was not watched all the time since it was last read: a file with other times, or a directory in which
    /// something may have appeared and disappeared.
    /// </summary>
    void Revisited(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest);

    /// <summary>Ignored until the rules changed, wanted now.</summary>
    void Unignored(string path, in FileState state);

    /// <summary>Wanted until the rules changed, ignored now; its directory after everything in it.</summary>
    void NowIgnored(string path, in FileState state);

    /// <summary>The rule files of a directory that was read before have changed.</summary>
    /// <param name="since">The rules took effect after this moment; null: unknown.</param>
    void RulesChanged(DateTimeOffset? since);

    /// <summary>A version-control folder that is not read.</summary>
    void RepositoryFound(string folder);

    /// <summary>A link to a folder that a service wants is not followed.</summary>
    void LinkRefused(LinkedFolder link, LinkRefusal refusal);

    /// <summary>The directory exists and cannot be read: changes in it go unnoticed until its permissions are fixed.</summary>
    void Unreadable(string directory, int error);
}
