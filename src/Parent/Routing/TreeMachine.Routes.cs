namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    /// <summary>How far a change may lie before the batch that carries it: the longest time for which a watcher holds one back.</summary>
    private static readonly TimeSpan Hindsight = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ToRecord = TimeSpan.FromSeconds(10);

    private void Arrived(TreeEvent.BatchArrived arrived)
    {
        var flight = new InFlight(arrived.Ticket, arrived.Batch);
        _state = _state with { Routes = _state.Routes with { InFlight = _state.Routes.InFlight.Add(flight) } };

        foreach (var change in arrived.Batch.Services)
        {
            if (_state.Hosts.TryGetValue(change.Service, out var slot) && slot.MayServe)
                Put(slot with { Outbox = slot.Outbox.With(Share.Of(flight, change)) });
        }
    }

    private void Applied(TreeEvent.BatchApplied applied) => _state = _state with
    {
        Routes = _state.Routes with
        {
            Writing = false,
            Applied = applied.Applied,
            InFlight = _state.Routes.InFlight.RemoveAll(flight => flight.Ticket == applied.Ticket),
        },
    };

    /// <summary>Once every host of an earlier parent has answered or is known to be dead: does that parent's run go on?</summary>
    private void DecideBeginning()
    {
        if (_state.Routes.Found is not { } found || _state.Hosts.Values.Any(slot => slot is { State: HostState.Dialling, Run: 0 }))
            return;

        var adopted = _state.Hosts.Values.Any(slot => slot is { State: HostState.Linked, Run: 0 });
        var baseline = adopted ? found : new WatchBaseline(null, _plan.StartedAt);
        _state = _state with { Routes = _state.Routes with { Found = null, Applied = baseline } };

        if (!adopted)
            Do(new Effect.BeginRun(baseline));
    }

    private void AdvanceRoutes()
    {
        // The next watcher resumes from what was applied and sends the rest again; what is being written down becomes the last applied.
        if (_state.Watcher.State is WatcherState.Absent)
            _state = _state with { Routes = _state.Routes with { InFlight = [.. _state.Routes.InFlight.Take(_state.Routes.Writing ? 1 : 0)] } };

        if (_state.Routes.Applied is { } resumable && _state.Watcher.Beat?.ToldUntil is { } told && told > resumable.Watermark)
            _state = _state with { Routes = _state.Routes with { Applied = resumable with { Watermark = told } } };

        foreach (var slot in _state.Hosts.Values)
        {
            if (!slot.MayServe)
                Put(slot with { Outbox = Outbox.Empty });
            else if (slot is { State: HostState.Linked, Outbox: { Sending: null, Waiting: { } share } })
            {
                Do(new Effect.SendChange(slot.Service, slot.Run, share, ToRecord));
                Put(slot with { Outbox = new Outbox(share, null) });
            }
        }

        if (_state.Routes is not { Writing: false, Applied: { } before, InFlight: [var first, ..] } routes
            || _state.Hosts.Values.Any(slot => slot.Outbox.Holds(first.Ticket)))
            return;

        // The watermark only ever moves forward, and stays so far behind that no change of a later batch is older than it.
        var watermark = first.Batch.ToldUntil ?? first.Batch.At - Hindsight;
        var applied = new WatchBaseline(first.Batch.Cursor, watermark > before.Watermark ? watermark : before.Watermark);
        Do(new Effect.RecordApplied(first.Ticket, applied));
        _state = _state with { Routes = routes with { Writing = true } };
    }
}
