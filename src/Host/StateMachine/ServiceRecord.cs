using System.Collections.Immutable;
using Supervisor.Supervision;

namespace Supervisor.Host.StateMachine;

/// <summary>What a host keeps across states. Immutable; the loop owns the newest one.</summary>
/// <param name="Refusal">Why validation refused the newest change; null: it did not.</param>
/// <param name="Refusals">The number of refusals; a ticket compares it to recognise its own.</param>
/// <param name="Validations">The number of the newest validation.</param>
/// <param name="Pending">The one pending reload, however many changes requested it.</param>
/// <param name="DownSince">Since when no server has served.</param>
/// <param name="ReadWindow">Of the newest server; null: none has been started.</param>
/// <param name="RenewedAt">When a server last began to serve or got the signal to load its files anew; null: never.</param>
internal sealed record ServiceRecord(
    int Generation, int Reloads, int Restarts, RestartHistory History, ExitStatus? LastExit, TrackedChange? LastChange, string? Refusal, int Refusals,
    int Validations, PendingReload? Pending, ReloadThrottle Throttle, RecentCursors Cursors, ImmutableArray<Ticket> Tickets, TimeSpan? DownSince,
    FileReadWindow? ReadWindow, TimeSpan? RenewedAt)
{
    /// <summary>Why no server can start with the env files as they are, while an older one serves; null: nothing is known against them.</summary>
    public string? EnvFileRefusal { get; init; }

    public RecentCursors EnvFileCursors { get; init; } = RecentCursors.Empty;

    public static readonly ServiceRecord Empty = new(
        0, 0, 0, RestartHistory.Empty, null, null, null, 0, 0, null, ReloadThrottle.None, RecentCursors.Empty, [], null, null, null);

    /// <summary>A server was started since the last stop: what it has left running elsewhere is for the stop command.</summary>
    public bool HasRunSinceStop { get; init; }

    /// <summary>What the newest server says of itself; null: nothing.</summary>
    public string? StatusText { get; init; }

    /// <summary>The number of the newest build.</summary>
    public int Builds { get; init; }

    /// <summary>What the newest successful build has read; null: this host has built nothing.</summary>
    public FinishedBuild? Built { get; init; }

    public KnownSources Sources { get; init; } = KnownSources.None;

    /// <summary>null: no file has changed since this host runs.</summary>
    public RecentChange? RecentChange { get; init; }
}

/// <summary>The last change that the service acted on, on the monotonic clock.</summary>
/// <param name="Since">Its arrival.</param>
/// <param name="Begun">The end of all waiting: the build, the validation or, without them, the stop of the old server begins.</param>
/// <param name="Validated">null: it has not passed validation.</param>
internal sealed record TrackedChange(LastChange Reported, TimeSpan Since, TimeSpan Begun, TimeSpan? Validated = null)
{
    /// <summary>The end of its last build; null: it has not been built.</summary>
    public TimeSpan? Built { get; init; }

    public bool IsOpen => Reported.DurationMs is null;

    public TrackedChange ClosedAt(TimeSpan now) =>
        IsOpen ? this with { Reported = Reported with { DurationMs = (long)(now - Since).TotalMilliseconds } } : this;

    public EndedChange EndAt(TimeSpan now) => 
        new(Reported.Files, now - Since, Begun - Since, Validated - (Built ?? Begun), now - (Validated ?? Built ?? Begun)) { Build = Built - Begun };
}

/// <summary>A change or a start at its end: how long it took, and the parts of that.</summary>
/// <param name="Validation">null: there was none.</param>
/// <param name="Start">The stop of the old server and the start of the new one.</param>
internal sealed record EndedChange(IReadOnlyList<string> Files, TimeSpan Whole, TimeSpan Waiting, TimeSpan? Validation, TimeSpan Start)
{
    /// <summary>null: there was none.</summary>
    public TimeSpan? Build { get; init; }
}

/// <summary>A pending reload or restart. Every further request is merged into it.</summary>
/// <param name="NotBefore">When debouncing or the throttle's pause ends. A start that is under way may postpone it.</param>
/// <param name="Force">Skips build and validation.</param>
/// <param name="AfterStart">
/// How long after a start the files were written, if that is short: perhaps by the server itself. null: later, or other files too.
/// </param>
/// <param name="Hold">Whether the throttle keeps it back.</param>
/// <param name="WasHeld">It includes a reload that was held back for long.</param>
/// <param name="IsUnseen">Its only reason is that the server may have read content that is gone now.</param>
/// <param name="IsDoubted">Its validation may have read content that is gone now.</param>
internal sealed record PendingReload(
    Cause Cause, IReadOnlyList<string> Files, Timestamp Since, TimeSpan NotBefore, bool Force, TimeSpan? AfterStart,
    ReloadHold Hold = ReloadHold.None, bool WasHeld = false, bool IsUnseen = false, bool IsDoubted = false)
{
    /// <summary>Only built, not validated.</summary>
    public bool IsUnchecked { get; init; }

    public PreflightRounds Rounds { get; init; } = PreflightRounds.None;

    /// <summary>What changed during the last run of its build, or of its validation, that is allowed.</summary>
    public HeardChanges Missed { get; init; } = HeardChanges.None;

    /// <summary>
    /// Above 0: its only reason is what the reload before has perhaps missed. If the same files change during one more build, the build writes them, and
    /// there is nothing to reload. The number of such reloads in a row, of which each waits longer.
    /// </summary>
    public int Rechecks { get; init; }

    /// <summary>The most files that a status shows.</summary>
    public const int MaxFiles = 20;

    public static IReadOnlyList<string> Union(IReadOnlyList<string> first, IReadOnlyList<string> second) =>
        [.. first.Union(second, StringComparer.Ordinal).Take(MaxFiles)];
}

/// <summary>The cursors of the newest deliveries, to recognise a repeated one. Far more than a watcher has in flight.</summary>
internal sealed record RecentCursors(ImmutableQueue<string> Newest)
{
    private const int Capacity = 64;

    public static readonly RecentCursors Empty = new([]);

    public bool Contains(string cursor) => Newest.Contains(cursor, StringComparer.Ordinal);

    public RecentCursors Add(string cursor)
    {
        var longer = Newest.Enqueue(cursor);
        return new(longer.Count() > Capacity ? longer.Dequeue() : longer);
    }
}
