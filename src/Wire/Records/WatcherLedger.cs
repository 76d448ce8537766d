namespace Supervisor.Wire.Records;

/// <summary>
/// The restart ledger of the watcher, in a file that outlives parents. A write error loses the entry and does not affect the watcher. Thread-safe.
/// </summary>
/// <param name="trouble">Called with the path and the reason when it could not be read or written.</param>
public sealed class WatcherLedger(string path, TimeProvider time, Action<string, string> trouble)
{
    private readonly Lock _guard = new();
    private readonly LedgerFile _file = new(path);

    /// <summary>Cause of the newest entry that this parent has written.</summary>
    private string? _cause;

    public void Started(long epoch, int pid, bool degraded)
    {
        lock (_guard)
        {
            var cause = _cause ?? CloseOrphanedEntry();
            Append(Entry("started", cause, epoch, pid, null, degraded ? "it polls because earlier watchers failed too often" : null));
        }
    }

    /// <param name="pid">null: it could not be spawned.</param>
    /// <param name="ending">null: the parent did not request the end.</param>
    public void Ended(long epoch, int? pid, ExitStatus exit, WatcherStopReason? ending)
    {
        ending ??= (pid, exit.Code) switch
        {
            (null, _) => new WatcherStopReason("spawn", "it could not be spawned; parent.log says why", Planned: false),
            (_, (int)ExitCode.TemporaryFailure) => new WatcherStopReason("recycle", "it exited by itself near its memory cap", Planned: true),
            _ => new WatcherStopReason("crash", null, Planned: false),
        };

        lock (_guard)
            Append(Entry(ending.Planned ? "stopped" : "failed", ending.Cause, epoch, pid, exit, ending.Why));
    }

    /// <summary>An event of a watcher that keeps running: neither a start nor an end.</summary>
    public void Record(string what, string cause, long epoch, int? pid, string why)
    {
        lock (_guard)
            Try(() => _file.Append(Entry(what, cause, epoch, pid, null, why)));
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LedgerEntry> ReadLast(int count)
    {
        lock (_guard)
            return Read(count);
    }

    /// <summary>A watcher dies with its parent, which cannot record that any more. Returns the cause of the start that follows.</summary>
    private string CloseOrphanedEntry()
    {
        if (Read(1) is not [{ Event: not ("failed" or "stopped") } orphan])
            return "autostart";

        Append(Entry("stopped", "parent", orphan.Generation, orphan.Pid, new ExitStatus(ExitKind.Lost, null, null, time.GetUtcNow()), "its parent died"));
        return "parent";
    }

    private LedgerEntry Entry(string what, string cause, long epoch, int? pid, ExitStatus? exit, string? detail) =>
        new(time.GetUtcNow(), what, cause, (int)epoch, pid, [], exit, detail, null);

    private void Append(LedgerEntry entry)
    {
        _cause = entry.Cause;
        Try(() => _file.Append(entry));
    }

    private IReadOnlyList<LedgerEntry> Read(int count)
    {
        IReadOnlyList<LedgerEntry> entries = [];
        Try(() => entries = _file.ReadLast(count));
        return entries;
    }

    private void Try(Action access)
    {
        try
        {
            access();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            trouble(path, failure.Message);
        }
    }
}

/// <summary>Why the parent stops a watcher.</summary>
/// <param name="Cause">hung, memory, recycle, cpu, link, manual, config.</param>
/// <param name="Planned">true: this is no failure of the watcher.</param>
public sealed record WatcherStopReason(string Cause, string? Why, bool Planned);
