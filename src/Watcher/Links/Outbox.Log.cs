using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Links;

/// <summary>What goes into the log besides batches, and what is done when the disk refuses it.</summary>
internal sealed partial class Outbox
{
    // A full disk is asked again this often.
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    // What was learned of files waits for a quiet moment, and not for ever.
    private const int RefreshedAtMost = 8_192;

    // The log has what hides a span that nobody was told of yet.
    private bool _owesUnseen;

    /// <summary>Puts what was learned into the log, under the cursor whose state it completes.</summary>
    public void WriteRefreshed(TimeSpan now)
    {
        if (_refreshed.Count == 0)
            return;

        StepPastUnseen();
        NoteLog(_log.AppendRefreshed(_last, _refreshed), now);
        NoteLog(_log.CompactIfWorthwhile(_acknowledged), now);
        _refreshed.Clear();
    }

    /// <summary>The next batch goes out even if it is empty.</summary>
    public void OweCursor() => _owesCursor = true;

    /// <summary>
    /// Begins a new log with the state map as it is less what is pending. The next batch goes out even if it is empty: its cursor is what a
    /// later watcher can resume at.
    /// </summary>
    public void BeginLog(TreeReader tree, TimeSpan now)
    {
        OweCursor();
        Rewrite(tree, now);
    }

    /// <summary>Tries again to write a log that the disk refused; null: there is nothing to be mended.</summary>
    public TimeSpan? MendLog(TreeReader tree, TimeSpan now)
    {
        if (_rewriteAt <= now)
            Rewrite(tree, now);

        return _rewriteAt;
    }

    /// <summary>
    /// To a later watcher, what the log learns now no longer shows that a file was another one for a while. So it must not resume there without that having been told:
    /// what is learned stands at a cursor that nobody has applied, and the next batch tells of the spans, come what may.
    /// </summary>
    private void StepPastUnseen()
    {
        if (Unseen.IsEmpty || _owesUnseen)
            return;

        _last = _last.Next(hello.Epoch);
        _owesUnseen = true;
    }

    private void Note(string path, FileState? state, TimeSpan now)
    {
        // The log is to be begun anew, and will have it.
        if (_summed > 0)
            return;

        _refreshed[path] = state;

        if (_refreshed.Count >= RefreshedAtMost)
            WriteRefreshed(now);
    }

    private void Rewrite(TreeReader tree, TimeSpan now)
    {
        // The snapshot has it.
        _refreshed.Clear();
        _rewriteAt = null;
        LeaveSummedBehind();
        StepPastUnseen();
        NoteLog(_log.Rewrite(_last, snapshot => tree.Write(snapshot, _pending)), now);
    }

    private void NoteLog(LogWrite written, TimeSpan now)
    {
        if (written is not LogWrite.NotPersisted(var reason) || _rewriteAt is not null)
            return;

        _rewriteAt = now + LogPause;
        Warnings.Enqueue($"The watcher cannot write down what it has delivered ({reason}). Should it die now, services may reload once without need.");
    }
}
