namespace Supervisor.Parent.Routing;

/// <summary>Batches on their way from the watcher to the hosts. They are acknowledged in the order they came.</summary>
/// <param name="Found">What an earlier parent of this run had applied; null once it is decided whether its run goes on.</param>
/// <param name="Applied">What the next watcher is told to resume from; null until that is decided.</param>
/// <param name="InFlight">Arrived and not yet acknowledged; few, by the watcher's own window.</param>
/// <param name="Writing">The first of them is being written down as applied.</param>
internal sealed record RouteState(WatchBaseline? Found, WatchBaseline? Applied, ImmutableList<InFlight> InFlight, bool Writing)
{
    public static RouteState Initial(WatchBaseline found) => new(found, null, [], false);
}

/// <param name="Ticket">Number of the watcher's request, which waits for its answer at the edge.</param>
internal sealed record InFlight(long Ticket, ChangeBatch Batch);

/// <summary>
/// The changes one host has not recorded yet. At most two: one that is with the host now, and one into which everything since is coalesced.
/// </summary>
internal sealed record Outbox(Share? Sending, Share? Waiting)
{
    public static readonly Outbox Empty = new(null, null);

    public bool Holds(long ticket) => Sending?.Tickets.Contains(ticket) == true || Waiting?.Tickets.Contains(ticket) == true;

    public Outbox With(Share share) => this with { Waiting = Waiting is null ? share : Waiting.Then(share) };

    /// <summary>The host did not take what was sent: it goes first the next time.</summary>
    public Outbox TakenBack() => Sending is null ? this : new Outbox(null, Waiting is null ? Sending : Sending.Then(Waiting));
}

/// <summary>What one or more batches hold for one service.</summary>
internal sealed record Share(ChangeOrder Order, ImmutableList<long> Tickets)
{
    private const int MaxFiles = 100;

    // The reload for a change proper covers what may have been there before it.
    private bool IsChange => Order.Unseen is null;

    public static Share Of(InFlight flight, ServiceChange change) => new(
        new ChangeOrder(flight.Batch.Cursor, flight.Batch.At, change.Files, change.More, change.LostTrack, change.Unseen), [flight.Ticket]);

    public Share Then(Share later)
    {
        var files = Order.Files.Union(later.Order.Files, StringComparer.Ordinal).ToArray();

        return new Share(
            new ChangeOrder(
                later.Order.Cursor, later.Order.At, files.Length > MaxFiles ? files[..MaxFiles] : files,
                Order.More + later.Order.More + Math.Max(0, files.Length - MaxFiles), Order.LostTrack || later.Order.LostTrack,
                IsChange || later.IsChange ? null : UnseenSpan.Union(Order.Unseen, later.Order.Unseen)),
            Tickets.AddRange(later.Tickets));
    }
}
