using Supervisor.Filtering;
using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher;

/// <summary>Receives what the crawl found and passes it to the outbox.</summary>
internal sealed partial class WorkLoop
{
    void ICrawlObserver.Changed(string path, FileState? before, FileState? after)
    {
        if (!IsStandby)
            Record(path, before, after);

        NoteMissedChange(path, before, after);
    }

    private void Record(string path, FileState? before, FileState? after)
    {
        // Before it is recorded: nothing is pending about it yet.
        if (_outbox.MayBeSave && _saves.MayBeHalfOfSave(path, before, after))
            _outbox.AwaitRename(path, Now);

        _outbox.Record(path, before, after, Now);
    }

    void ICrawlObserver.Refreshed(string path, in FileState before, in FileState after)
    {
        if (!IsStandby)
            _outbox.Refresh(path, before, after, Now);
    }

    void ICrawlObserver.FirstSeen(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest)
    {
        // A link that was pointed elsewhere leads to files that may all be old.
        var isNewLink = _reader.Links.Followed(path) is { } link && _cutoff.IsNewer(link);

        if (IsStandby || !(isNewLink || _cutoff.IsNewer(state)))
            return;

        if (_baseline.Applied is not null || (isNewLink && state.Kind == FileKind.Directory))
            _outbox.LostTrackAt(path, state, interest);
        else if (state.Kind != FileKind.Directory)
            _outbox.Record(path.ToString(), before: null, state, Now);
    }

    void ICrawlObserver.Revisited(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest)
    {
        // In the first crawl nothing was seen before.
        if (IsStandby || _isFirstCrawl || _watermark.UnobservedSpanOf(state) is not { } span)
            return;

        if (state.Kind == FileKind.Directory)
            _outbox.Unseen.AddDirectory(interest, path, span);
        else
            _outbox.Unseen.AddFile(interest, path, span);

        _outbox.Heard(Now);
    }

    void ICrawlObserver.RepositoryFound(string folder) => _outbox.Repositories.Add(folder);

    void ICrawlObserver.Unreadable(string directory, int error)
    {
        _log.Unreadable(FileName.Printable(directory), error);
        Warn($"{FileName.Printable(directory)} cannot be read (errno {error}): changes in it go unnoticed. Grant read permission, or ignore the directory.");
    }
}
