using System.Threading.Channels;

namespace Supervisor.Host.Serving;

/// <summary>
/// The one owner of the host's state: takes events in order, steps the machine, begins the effects. Everybody else posts. Ends after
/// <see cref="Effect.Leave"/> has been begun.
/// </summary>
/// <param name="begin">Begins an effect; neither blocks nor throws.</param>
/// <param name="stepped">Sees the situations before and after each step; on the loop, so it must be quick.</param>
internal sealed class HostLoop(ServiceSpec spec, Situation initial, Action<Effect> begin, Action<Situation, Situation> stepped, TimeProvider time)
{
    private readonly record struct Letter(HostEvent Event, TaskCompletionSource? Taken);

    // Full means that the loop is stuck, not busy: a step takes microseconds. Senders then wait, which holds the parent's links up, and with
    // them the watcher, which coalesces more. Nothing is dropped.
    private readonly Channel<Letter> _mailbox = Channel.CreateBounded<Letter>(
        new BoundedChannelOptions(capacity: 256) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private Situation _situation = initial;

    /// <summary>Completes when the event is in the mailbox. After the loop's end: at once, to no effect.</summary>
    public async Task PostAsync(HostEvent happened) => await SendAsync(new Letter(happened, Taken: null));

    /// <summary>Completes when the event has been stepped: what it decided shows in the situation.</summary>
    public async Task DeliverAsync(HostEvent happened)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        if (await SendAsync(new Letter(happened, taken)))
            await taken.Task;
    }

    public async Task RunAsync()
    {
        // A tick that finds no room is not missed: the loop looks at its deadlines after every event.
        await using var timer = time.CreateTimer(
            _ => _mailbox.Writer.TryWrite(new Letter(new HostEvent.Tick(), Taken: null)), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(timer);

        await foreach (var letter in _mailbox.Reader.ReadAllAsync())
        {
            var isLast = Step(letter.Event);
            letter.Taken?.TrySetResult();

            if (isLast)
                break;

            Arm(timer);
        }

        _mailbox.Writer.TryComplete();

        while (_mailbox.Reader.TryRead(out var unheard))
            unheard.Taken?.TrySetResult();
    }

    private bool Step(HostEvent happened)
    {
        var at = new Circumstances(spec, Moment.Now(time), Random.Shared.NextDouble());
        var turn = HostMachine.Step(_situation, happened, at);
        var before = _situation;
        _situation = new Situation(turn.State, turn.Record);
        stepped(before, _situation);

        foreach (var effect in turn.Effects)
            begin(effect);

        return turn.Effects.OfType<Effect.Leave>().Any();
    }

    private void Arm(ITimer timer)
    {
        var due = Deadlines.Next(_situation) is { } deadline ? deadline - Moment.Now(time).Monotonic : Timeout.InfiniteTimeSpan;

        // Rounded up: a tick that comes a fraction early would find nothing due.
        timer.Change(
            due == Timeout.InfiniteTimeSpan ? due : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(due.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private async ValueTask<bool> SendAsync(Letter letter)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(letter);
            return true;
        }
        catch (ChannelClosedException)
        {
            // The host is leaving: nothing that happens now changes anything.
            return false;
        }
    }
}
