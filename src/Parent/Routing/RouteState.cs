namespace Supervisor.Parent.Routing;

/// <summary>Batches on their way from the watcher to the hosts. They are acknowledged in the order of their arrival.</summary>
/// <param name="Earlier">The baseline of an earlier parent; null once it is decided whether its run continues.</param>
/// <param name="Applied">The baseline from which the next watcher resumes; null until that is decided.</param>
/// <param name="InFlight">Arrived and not yet acknowledged; the watcher's window keeps them few.</param>
/// <param name="Writing">The first of them is being recorded as applied.</param>
internal sealed record RouteState(WatchBaseline? Earlier, WatchBaseline? Applied, ImmutableList<InFlightBatch> InFlight, bool Writing)
{
    public static RouteState Initial(WatchBaseline found) => new(found, null, [], false);
}

/// <param name="Ticket">Number of the watcher's request, which waits for its answer.</param>
internal sealed record InFlightBatch(long Ticket, ChangeBatch Batch);

/// <summary>The changes that one host has not recorded yet. At most two: one that is being sent, and one that merges everything since.</summary>
internal sealed record Outbox(PendingChange? Sending, PendingChange? Waiting)
{
    public static readonly Outbox Empty = new(null, null);

    public bool Contains(long ticket) => Sending?.Tickets.Contains(ticket) == true || Waiting?.Tickets.Contains(ticket) == true;

    public Outbox With(PendingChange change) => this with { Waiting = Waiting is null ? change : Waiting.MergedWith(change) };

    /// <summary>The host did not record the sent change: the next one starts with it.</summary>
    public Outbox Requeued() => Sending is null ? this : new Outbox(null, Waiting is null ? Sending : Sending.MergedWith(Waiting));
}

/// <summary>The change of one service, from one or more batches.</summary>
internal sealed record PendingChange(ChangeOrder Order, ImmutableList<long> Tickets)
{
    public static PendingChange Of(InFlightBatch flight, ServiceChange change) => new(
        new ChangeOrder(flight.Batch.Cursor, flight.Batch.At, change.Files, change.More, change.LostTrack, change.Unseen, HeardUntil: flight.Batch.HeardUntil), [flight.Ticket]);

    public PendingChange MergedWith(PendingChange later) => new(Order.MergedWith(later.Order), Tickets.AddRange(later.Tickets));
}
