using Microsoft.Win32.SafeHandles;
using Supervisor.Watcher.Coalescing;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// The watcher's state across restarts: a snapshot of the state map and, behind it in the same file, one record per batch, written
/// before the batch is sent. A new watcher takes it up exactly at the cursor that was applied last: an older state would not notice that a
/// file delivered since has been deleted again, a newer one would forget batches that never arrived. Owned by the loop; writes block, for
/// microseconds.
/// </summary>
/// <remarks>
/// After a write that failed nothing more is appended until <see cref="Rewrite"/> succeeds: a log with a gap in it would resume in a wrong
/// state, one that ends too early merely says lost track.
/// </remarks>
public sealed class ChangeLog(string path, string rulesHash) : IDisposable
{
    // Below this, a longer log costs the next watcher less than compacting costs this one.
    private const long SmallestWorthwhile = 1 << 20;

    private readonly RecordBuffer _record = new();
    private readonly EntryCodec _codec = new();
    private SafeFileHandle? _file;
    private long _end;
    private long _compactAt;

    /// <summary>
    /// Gives the state map as it was at <paramref name="applied"/> to the sink; later records are ignored. Where the answer is
    /// <see cref="LoadResult.Lost"/>, throw away what the sink may have got. Any thread.
    /// </summary>
    public static LoadResult Load(string path, string rulesHash, Cursor applied, IStateSink sink)
    {
        try
        {
            using var file = LogFiles.Open(path, FileMode.Open, FileAccess.Read);
            var found = LogReplay.Survey(file, rulesHash, applied);

            return found is LoadResult.Resumed resumed
                ? resumed with { Entries = LogReplay.Feed(file, resumed.End, static _ => true, sink) }
                : found;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LoadResult.Lost(LostReason.Missing, $"There is no watcher's log at {path}.");
        }
        catch (InvalidDataException exception)
        {
            return new LoadResult.Lost(LostReason.Corrupt, exception.Message);
        }
        catch (Exception exception) when (LogFiles.IsRefusal(exception))
        {
            return new LoadResult.Lost(LostReason.Unreadable, $"The watcher's log cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// Goes on where <see cref="Load"/> ended: later records are dropped. The file is copied, so that an older watcher that is still dying
    /// writes to one that nobody reads any more.
    /// </summary>
    public LogWrite Resume(LoadResult.Resumed loaded) => Replace(fresh =>
    {
        using var old = LogFiles.Open(path, FileMode.Open, FileAccess.Read);
        fresh.Copy(old, from: 0, to: loaded.End);
        return loaded.SnapshotEnd;
    });

    /// <summary>Starts a new log: after a fresh start, after lost track, or once the disk takes writes again.</summary>
    /// <param name="at">The last batch that was made, whether or not it is acknowledged.</param>
    /// <param name="entries">
    /// Writes the state map as of that cursor, that is with <see cref="PendingChanges.TryGetBefore"/> where it answers, and <see
    /// cref="PendingChanges.Removed"/>.
    /// </param>
    public LogWrite Rewrite(Cursor at, Action<SnapshotWriter> entries)
    {
        var outcome = Replace(fresh =>
        {
            fresh.Begin(new LogHeader(LogFormat.Version, rulesHash, at));
            entries(fresh);
            fresh.EndSnapshot();
            return fresh.Length;
        });

        // What there was before does not lead up to what is appended next.
        if (outcome is LogWrite.NotPersisted)
            Shut();

        return outcome;
    }

    /// <summary>To be called before the batch of that cursor is sent.</summary>
    public LogWrite Append(Cursor cursor, IReadOnlyList<NetChange> changes)
    {
        if (_file is null)
            return new LogWrite.NotPersisted("an earlier write failed");

        Begin(cursor);

        foreach (var change in changes)
            _codec.Write(_record, change.Path, change.After);

        return Append();
    }

    /// <summary>
    /// Completes the state at <paramref name="last"/>, the cursor of the last batch or of the snapshot: the same content, known better, or what other
    /// ignore rules have brought into the state map and out of it (null). A watcher that resumes
    /// at an earlier cursor does without. Where an earlier write failed, the next snapshot will have it.
    /// </summary>
    public LogWrite AppendRefreshed(Cursor last, IReadOnlyCollection<KeyValuePair<string, FileState?>> files)
    {
        if (_file is null)
            return LogWrite.Ok;

        Begin(last);

        foreach (var (path, state) in files)
            _codec.Write(_record, path, state);

        return Append();
    }

    /// <summary>
    /// Merges the records up to <paramref name="acknowledged"/> into the snapshot once they outgrow it; some 50 ms for 100,000 files. Later
    /// records stay.
    /// </summary>
    public LogWrite CompactIfWorthwhile(Cursor acknowledged)
    {
        if (_file is null || _end < _compactAt)
            return LogWrite.Ok;

        var outcome = Replace(fresh =>
        {
            if (LogReplay.Survey(_file, rulesHash, acknowledged) is not LoadResult.Resumed upTo)
                throw new InvalidDataException($"The watcher's own log does not hold the acknowledged cursor {acknowledged}.");

            fresh.Begin(new LogHeader(LogFormat.Version, rulesHash, acknowledged));
            return LogCompaction.Write(_file, upTo, fresh);
        });

        if (outcome is not LogWrite.NotPersisted(var reason))
            return outcome;

        // The log itself is whole and goes on; trying again at once would fail again.
        _compactAt = _end + SmallestWorthwhile;
        return new LogWrite.NotCompacted(reason);
    }

    /// <summary>Gives back what a large batch made room for.</summary>
    public void Trim() => _record.Trim();

    public void Dispose() => _file?.Dispose();

    private void Shut()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Begin(Cursor cursor)
    {
        _record.Clear();
        _codec.StartRecord();
        LogHeader.WriteCursor(_record, cursor);
    }

    private LogWrite Append()
    {
        var framed = _record.Framed(RecordKind.Changes);

        try
        {
            RandomAccess.Write(_file!, framed, _end);
            _end += framed.Length;
            return LogWrite.Ok;
        }
        catch (Exception exception) when (LogFiles.IsRefusal(exception))
        {
            Shut();
            return new LogWrite.NotPersisted($"{path}: {exception.Message}");
        }
    }

    /// <param name="write">Writes the new file and says where its snapshot ends.</param>
    private LogWrite Replace(Func<SnapshotWriter, long> write)
    {
        try
        {
            using var fresh = new SnapshotWriter(path);
            var snapshotEnd = write(fresh);
            var old = _file;
            _file = fresh.Publish();
            _end = fresh.Length;
            _compactAt = snapshotEnd + Math.Max(snapshotEnd, SmallestWorthwhile);
            old?.Dispose();
            return LogWrite.Ok;
        }
        catch (Exception exception) when (LogFiles.IsRefusal(exception) || exception is InvalidDataException)
        {
            return new LogWrite.NotPersisted($"{path}: {exception.Message}");
        }
    }
}
