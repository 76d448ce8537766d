namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    /// <summary>The longest time for which a watcher holds a change back: no change is older than this when its batch is sent.</summary>
    private static readonly TimeSpan MaxHoldBack = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RecordTimeout = TimeSpan.FromSeconds(10);

    private void Arrived(TreeEvent.BatchArrived arrived)
    {
        var flight = new InFlightBatch(arrived.Ticket, arrived.Batch);
        _state = _state with { Routes = _state.Routes with { InFlight = _state.Routes.InFlight.Add(flight) } };

        foreach (var change in arrived.Batch.Services)
        {
            if (change.Service == TreePlan.ConfigurationName)
                Do(new Effect.ReadConfiguration());
            else if (_state.Hosts.TryGetValue(change.Service, out var slot) && slot.MayServe)
                Put(slot with { Outbox = slot.Outbox.With(PendingChange.Of(flight, change)) });
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

    /// <summary>Decides whether the run of an earlier parent continues, once each of its hosts has answered or is known to be dead.</summary>
    private void DecideWhetherRunContinues()
    {
        if (_state.Routes.Earlier is not { } found || _state.Hosts.Values.Any(slot => slot is { State: HostState.Dialling, Run: 0 }))
            return;

        var adopted = _state.Hosts.Values.Any(slot => slot is { State: HostState.Linked, Run: 0 });
        var baseline = adopted ? found : new WatchBaseline(null, Plan.StartedAt);
        _state = _state with { Routes = _state.Routes with { Earlier = null, Applied = baseline } };

        if (!adopted)
            Do(new Effect.BeginRun(baseline));
    }

    private void ReconcileRoutes()
    {
        // The next watcher resumes from the applied baseline and sends the rest again. The batch that is being recorded becomes the last applied one.
        if (_state.Watcher.State is WatcherState.Absent)
            _state = _state with { Routes = _state.Routes with { InFlight = [.. _state.Routes.InFlight.Take(_state.Routes.Writing ? 1 : 0)] } };

        if (_state.Routes.Applied is { } resumable && _state.Watcher.Heartbeat?.ToldUntil is { } told && told > resumable.Watermark)
            _state = _state with { Routes = _state.Routes with { Applied = resumable with { Watermark = told } } };

        foreach (var slot in _state.Hosts.Values)
        {
            if (!slot.MayServe)
                Put(slot with { Outbox = Outbox.Empty });
            else if (slot is { State: HostState.Linked, Outbox: { Sending: null, Waiting: { } change } })
            {
                Do(new Effect.SendChange(slot.Service, slot.Run, change, RecordTimeout));
                Put(slot with { Outbox = new Outbox(change, null) });
            }
        }

        if (_state.Routes is not { Writing: false, Applied: { } before, InFlight: [var first, ..] } routes
            || _state.Hosts.Values.Any(slot => slot.Outbox.Contains(first.Ticket)))
            return;

        // The watermark only moves forward, and stays so far back that no change of a later batch is older.
        var watermark = first.Batch.ToldUntil ?? first.Batch.At - MaxHoldBack;
        var applied = new WatchBaseline(first.Batch.Cursor, watermark > before.Watermark ? watermark : before.Watermark);
        Do(new Effect.RecordApplied(first.Ticket, applied));
        _state = _state with { Routes = routes with { Writing = true } };
    }
}
