using System.Collections.Concurrent;

namespace Supervisor.Host.StateMachine;

/// <summary>Opens tickets for requests and completes them with the outcomes of the machine. Thread-safe.</summary>
internal sealed class OpenTickets
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ServiceOutcome>> _open = new();
    private long _last;

    public (long Ticket, Task<ServiceOutcome> Outcome) Open()
    {
        var ticket = Interlocked.Increment(ref _last);
        var outcome = new TaskCompletionSource<ServiceOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[ticket] = outcome;
        return (ticket, outcome.Task);
    }

    public void Complete(long ticket, ServiceOutcome outcome)
    {
        if (_open.TryRemove(ticket, out var open))
            open.TrySetResult(outcome);
    }

    /// <summary>The loop has ended: completes all open tickets with a failure.</summary>
    public void CompleteAll(string service)
    {
        foreach (var ticket in _open.Keys)
            Complete(ticket, new ServiceOutcome(service, Succeeded: false, $"{service}: its host has exited", Status: null));
    }
}
