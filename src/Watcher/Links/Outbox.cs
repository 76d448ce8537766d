using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Links;

/// <summary>
/// From a changed entry of the state map to a batch that may be sent: pending changes, settling, holds, the log and the window. A batch leaves
/// it only after the log has it. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class Outbox(WatcherHello hello, WatchFilter filter, SourceLimits limits, TimeProvider time) : IDisposable
{
    // While git holds the tree: how often to look whether it has finished.
    private static readonly TimeSpan MarkerPause = TimeSpan.FromMilliseconds(20);

    // Between a change and its batch, held or not: version control holds longest.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // A message has at most 1 MiB, and JSON writes one character as six at worst.
    private const int NameCharacters = 128 * 1024;

    private readonly SettleRule _settle = new(hello.Settings.Settle);
    private readonly PendingChanges _pending = new(hello.Settings.Compare);
    private readonly VersionControlHold _operations = new();
    private readonly BatchWindow _window = new();
    private readonly ChangeLog _log = new(hello.SnapshotPath, filter.RulesHash);
    private readonly Dictionary<string, FileState?> _refreshed = new(StringComparer.Ordinal);
    private ServiceChangeBuilder? _lostTrack;
    private DateTimeOffset? _unknownBefore;
    private Cursor _last;
    private Cursor _lastSent;
    private Cursor _acknowledged;
    private TimeSpan? _firstHeard;
    private TimeSpan _lastHeard;
    private TimeSpan? _rewriteAt;
    private bool _owesCursor;

    // Nothing older is untold; null: nothing is older than an ordinary pause.
    private DateTimeOffset? _untoldSince = hello.Baseline.Watermark;

    public PathHolds Holds { get; } = new();

    public UnseenSpans Unseen { get; } = new(filter);

    public Repositories Repositories { get; } = new();

    /// <summary>Warnings for people, to be taken by the loop.</summary>
    public Queue<string> Warnings { get; } = new();

    public bool IsWindowShut => _window.Room == 0;

    /// <summary>Nothing is sent, whoever hurries, until it is false again; what comes goes on being coalesced.</summary>
    public bool IsHeld { get; private set; } = hello.Held;

    /// <summary>Everything that may be sent has been, and is acknowledged. What is held back the next watcher finds again.</summary>
    public bool IsDelivered => _window.IsEmpty && (IsHeld || !HasSomething);

    /// <summary>Nothing is pending and everything sent is acknowledged.</summary>
    public bool IsEmpty => !HasSomething && _window.IsEmpty;

    public bool HasSomething => HasChanges || !Unseen.IsEmpty;

    private bool HasChanges => _pending.Count > 0 || _lostTrack is not null || _owesCursor;

    /// <summary>Goes on where an earlier watcher was applied, or finds out why that is impossible.</summary>
    public LoadResult Load(WatchBaseline baseline, IStateSink sink)
    {
        if (!Cursor.TryParse(baseline.Applied, out var applied))
            return new LoadResult.Lost(LostReason.CursorNotFound, "No batch has been applied in this run of the tree.");

        var loaded = ChangeLog.Load(hello.SnapshotPath, filter.RulesHash, applied, sink);
        _last = _lastSent = _acknowledged = applied;

        // The new log must not begin at the applied cursor: before its first batch is applied, a later watcher would resume there in a state that
        // was never delivered. What a standby has heard of until now may be a removal, of which its map shows nothing.
        if (loaded is LoadResult.Resumed resumed)
            NoteLog(_log.Resume(resumed), TimeSpan.Zero);
        else
            (_last, _unknownBefore) = (applied.Next(hello.Epoch), time.GetUtcNow());

        return loaded;
    }

    public void Hold() => (IsHeld, _untoldSince) = (true, _untoldSince ?? time.GetUtcNow() - LongestPause);

    public void LetGo() => IsHeld = false;

    /// <summary>Something wanted was heard of: the batch is not whole yet.</summary>
    public void Heard(TimeSpan now)
    {
        _firstHeard ??= now;
        _lastHeard = now;
    }

    public void Record(string path, FileState? before, FileState? after, TimeSpan now)
    {
        _pending.Record(path, before, after);

        // It has come to nothing: the path is again as the last batch left it, under other times.
        if (after is { } again && !_pending.Holds(path))
            Note(path, again, now);

        if (_pending.Count > limits.PendingChanges)
            Sum();

        Heard(now);
    }

    /// <summary>
    /// The content is what the last batch left, under other times or with a hash that was not known: the log has to learn it, or a later watcher would take
    /// the times for a change. So too when other rules bring an entry into the state map, or out of it.
    /// </summary>
    public void Refresh(string path, FileState? before, FileState? after, TimeSpan now)
    {
        if (_pending.Holds(path))
            _pending.Record(path, before, after);
        else
            Note(path, after, now);
    }

    /// <summary>The log was lost, and the entry is newer than what the servers are known to run.</summary>
    public void LostTrackAt(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest)
    {
        _lostTrack ??= new ServiceChangeBuilder(filter);

        if (state.Kind == FileKind.Directory)
            _lostTrack.LostTrack(interest);
        else
            _lostTrack.LostTrack(interest, path.ToString());
    }

    /// <summary>The log was lost, and the root is not there: it may have been.</summary>
    public void LostTrackBeneath(string root) => (_lostTrack ??= new ServiceChangeBuilder(filter)).LostTrackBeneath(root);

    /// <summary>Whether a batch is to be taken now.</summary>
    /// <param name="unlooked">How many paths are still to be looked at.</param>
    /// <param name="isHurried">Somebody waits: do not wait for quiet.</param>
    /// <param name="askAgain">If not: when to ask again, unless something happens before.</param>
    public bool HasDue(TimeSpan now, int unlooked, bool isHurried, out TimeSpan askAgain)
    {
        askAgain = TimeSpan.MaxValue;

        if (!HasSomething && unlooked == 0)
            _firstHeard = null;

        // A look that is still to come may find the change that stands for them.
        if (IsHeld || IsWindowShut || !(HasChanges || (HasSomething && unlooked == 0)))
            return false;

        var renames = isHurried ? null : OnlyAwaitsUntil(now);

        // The batch has not begun.
        if (renames is not null && unlooked == 0)
            _firstHeard = null;

        askAgain = renames ?? HeldUntil(now, unlooked, isHurried) ?? TimeSpan.MaxValue;
        return askAgain == TimeSpan.MaxValue;
    }

    /// <summary>The cursor up to which everything has to be acknowledged that was sent until now.</summary>
    public Cursor LastSent => _lastSent;

    /// <summary>Changes in the batch that was sent last.</summary>
    public int LastSize { get; private set; }

    public bool IsAcknowledged(Cursor cursor) => !cursor.IsAfter(_acknowledged);

    public void Acknowledged(Cursor cursor, TimeSpan now)
    {
        _window.Acknowledged(cursor);

        if (cursor.IsAfter(_acknowledged))
            _acknowledged = cursor;

        NoteLog(_log.CompactIfWorthwhile(_acknowledged), now);
    }

    public void Dispose() => _log.Dispose();

    private TimeSpan? HeldUntil(TimeSpan now, int unlooked, bool isHurried)
    {
        var state = new SettleState(
            _pending.Count + _summed + unlooked, _firstHeard ?? now, _lastHeard, Holds.HeldUntil(now), TreeHeldUntil: null, unlooked);

        if (!isHurried && _settle.Decide(state, now) is SettleDecision.WaitUntil(var quiet))
            return quiet;

        Repositories.Look(_operations, now);
        var operation = _operations.Decide(now);

        foreach (var stale in operation.Stale)
        {
            Warnings.Enqueue(
                $"{stale} has been there for 10 s: changes are delivered all the same. If no such command is running, remove the file.");
        }

        return operation.Until is { } until && until > now ? Earlier(until, now + MarkerPause) : null;
    }

    /// <summary>The batch that is due; the log has it. Null: what was due concerns no service.</summary>
    /// <param name="unlooked">As for <see cref="HasDue"/>.</param>
    /// <param name="isHurried">As for <see cref="HasDue"/>.</param>
    public ChangeBatch? Take(TreeReader tree, TimeSpan now, int unlooked, bool isHurried)
    {
        // On the clock of all processes, by the time that has passed since.
        TimeSpan? heardUntil = _lostTrack is null && _summed == 0 ? time.GetElapsedTime(0) - (now - _lastHeard) : null;

        if (_summed > 0)
            BeginLog(tree, now);

        // Before the batch: it may carry newer states of the same files.
        WriteRefreshed(now);
        var tally = _lostTrack ?? new ServiceChangeBuilder(filter);
        _lostTrack = null;
        var changes = TakeReady(tally, now, isHurried);
        var cursor = _last.Next(hello.Epoch);
        NoteLog(_log.Append(cursor, changes), now);
        _last = cursor;

        if (_pending.Count == 0)
        {
            _firstHeard = null;
            _untoldSince = null;
            Holds.Clear();
        }

        if (_owesUnseen || (unlooked == 0 && _pending.Count == 0))
            Unseen.MoveTo(tally, _unknownBefore);

        _owesUnseen = false;

        var services = tally.Build();

        // New or emptied directories concern nobody; the log knows of them.
        if (services.Count == 0 && !_owesCursor)
            return null;

        _owesCursor = false;
        _lastSent = cursor;
        LastSize = changes.Count;
        _window.Sent(cursor, changes.Count);
        return new ChangeBatch(hello.Epoch, cursor.ToString(), time.GetUtcNow(), [.. services.Select(service => Fitted(service, services.Count))], _untoldSince, heardUntil);
    }

    private static ServiceChange Fitted(ServiceChange change, int services)
    {
        var room = NameCharacters / services;
        var fitting = change.Files.TakeWhile(name => (room -= name.Length) >= 0).ToList();

        return fitting.Count == change.Files.Count
            ? change
            : change with { Files = fitting, More = change.More + change.Files.Count - fitting.Count };
    }

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
