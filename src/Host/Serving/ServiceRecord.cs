using System.Collections.Immutable;
using Supervisor.Supervision;

namespace Supervisor.Host.Serving;

/// <summary>What a host remembers across states. Immutable; the loop owns the newest one.</summary>
/// <param name="Refusal">Why validation refused the newest change; null: it did not.</param>
/// <param name="Refusals">How many refusals there were: tells a ticket that one was its own.</param>
/// <param name="Validations">Number of the newest validation.</param>
/// <param name="Pending">The one reload that is owed, however many changes asked for it.</param>
/// <param name="DownSince">Since when no server has served.</param>
/// <param name="Reading">Of the newest server; null: none has been started.</param>
internal sealed record ServiceRecord(
    int Generation, int Reloads, int Restarts, RestartHistory History, ExitStatus? LastExit, Change? Change, string? Refusal, int Refusals,
    int Validations, PendingReload? Pending, ReloadThrottle Throttle, CursorMemory Cursors, ImmutableArray<Ticket> Tickets, TimeSpan? DownSince,
    FileReading? Reading)
{
    public static readonly ServiceRecord Empty = new(
        0, 0, 0, RestartHistory.Empty, null, null, null, 0, 0, null, ReloadThrottle.Quiet, CursorMemory.Empty, [], null, null);
}

/// <summary>What last made the service act, and since when on the monotonic clock.</summary>
internal sealed record Change(LastChange Shown, TimeSpan Since)
{
    public bool IsOpen => Shown.DurationMs is null;

    public Change ClosedAt(TimeSpan now) =>
        IsOpen ? this with { Shown = Shown with { DurationMs = (long)(now - Since).TotalMilliseconds } } : this;
}

/// <summary>A reload or restart that is owed. Every further wish for one is merged into it.</summary>
/// <param name="NotBefore">The end of debouncing or of being held back.</param>
/// <param name="Force">Without validation.</param>
/// <param name="AfterStart">The files were written so long after a start, which is short: perhaps by the server itself. Null: later, or others too.</param>
/// <param name="IsHeld">Held back by the throttle.</param>
/// <param name="WasHeld">So was a part of it, before it was merged.</param>
/// <param name="IsUnseen">Nothing asks for it but that the server may have read what is not there any more.</param>
internal sealed record PendingReload(
    Cause Cause, IReadOnlyList<string> Files, Moment Since, TimeSpan NotBefore, bool Force, TimeSpan? AfterStart, bool IsHeld,
    bool WasHeld = false, bool IsUnseen = false)
{
    /// <summary>As many as are worth showing.</summary>
    private const int MostFiles = 20;

    public static IReadOnlyList<string> Union(IReadOnlyList<string> first, IReadOnlyList<string> second) =>
        [.. first.Union(second, StringComparer.Ordinal).Take(MostFiles)];
}

/// <summary>The cursors of the newest deliveries: a delivery that comes twice is known. Far more than a watcher has in flight.</summary>
internal sealed record CursorMemory(ImmutableQueue<string> Newest)
{
    private const int Capacity = 64;

    public static readonly CursorMemory Empty = new([]);

    public bool Knows(string cursor) => Newest.Contains(cursor, StringComparer.Ordinal);

    public CursorMemory With(string cursor)
    {
        var longer = Newest.Enqueue(cursor);
        return new(longer.Count() > Capacity ? longer.Dequeue() : longer);
    }
}
