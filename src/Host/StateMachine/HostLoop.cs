using System.Threading.Channels;

namespace Supervisor.Host.StateMachine;

/// <summary>
/// Owns the host's state: takes events in order, steps the machine and starts the effects. All other code posts events. Ends after <see
/// cref="Effect.Shutdown"/>.
/// </summary>
/// <param name="begin">Starts an effect; neither blocks nor throws.</param>
/// <param name="stepped">Gets the snapshots before and after each step; runs on the loop, so it must be fast.</param>
internal sealed class HostLoop(ServiceSpec spec, HostSnapshot initial, Action<Effect> begin, Action<HostSnapshot, HostSnapshot> stepped, TimeProvider time)
{
    private readonly record struct QueuedEvent(HostEvent Event, TaskCompletionSource? Processed);

    // Full means that the loop is stuck, not busy: a step takes microseconds. Senders wait, which slows down the parent's links and so the watcher, which
    // then coalesces more. No event is dropped.
    private readonly Channel<QueuedEvent> _mailbox = Channel.CreateBounded<QueuedEvent>(
        new BoundedChannelOptions(capacity: 256) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>See <see cref="StepContext.IsHeld"/>; asked before each step.</summary>
    public Func<bool> IsHeld { private get; init; } = static () => false;

    private HostSnapshot _snapshot = initial;
    private ServiceSpec _spec = spec;

    /// <summary>Completes when the event is in the mailbox. After the end of the loop it completes at once and has no effect.</summary>
    public async Task PostAsync(HostEvent hostEvent) => await SendAsync(new QueuedEvent(hostEvent, Processed: null));

    /// <summary>Completes when the step for the event is done and the snapshot shows its result.</summary>
    public async Task PostAndWaitAsync(HostEvent hostEvent)
    {
        var processed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        if (await SendAsync(new QueuedEvent(hostEvent, processed)))
            await processed.Task;
    }

    public async Task RunAsync()
    {
        // A full mailbox loses no deadline: the loop checks its deadlines after every event.
        await using var timer = time.CreateTimer(
            _ => _mailbox.Writer.TryWrite(new QueuedEvent(new HostEvent.DeadlinePassed(), Processed: null)), state: null,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(timer);

        await foreach (var queued in _mailbox.Reader.ReadAllAsync())
        {
            var isLast = Step(queued.Event);
            queued.Processed?.TrySetResult();

            if (isLast)
                break;

            Arm(timer);
        }

        _mailbox.Writer.TryComplete();

        while (_mailbox.Reader.TryRead(out var unprocessed))
            unprocessed.Processed?.TrySetResult();
    }

    private bool Step(HostEvent hostEvent)
    {
        if (hostEvent is HostEvent.OfWatcher { Watch: { } rules })
            _spec = _spec with { Watch = rules };

        var context = new StepContext(_spec, Timestamp.Now(time), Random.Shared.NextDouble()) { IsHeld = IsHeld() };
        var transition = HostMachine.Step(_snapshot, hostEvent, context);
        var before = _snapshot;
        _snapshot = new HostSnapshot(transition.State, transition.Record);
        stepped(before, _snapshot);

        foreach (var effect in transition.Effects)
            begin(effect);

        return transition.Effects.OfType<Effect.Shutdown>().Any();
    }

    private void Arm(ITimer timer)
    {
        var due = Deadlines.Next(_snapshot) is { } deadline ? deadline - Timestamp.Now(time).Monotonic : Timeout.InfiniteTimeSpan;

        // Rounded up: a timer that fires a fraction early would find nothing due.
        timer.Change(
            due == Timeout.InfiniteTimeSpan ? due : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(due.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private async ValueTask<bool> SendAsync(QueuedEvent queued)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(queued);
            return true;
        }
        catch (ChannelClosedException)
        {
            // The host is shutting down: events have no effect any more.
            return false;
        }
    }
}
