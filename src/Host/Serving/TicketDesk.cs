using System.Collections.Concurrent;

namespace Supervisor.Host.Serving;

/// <summary>Gives out tickets and completes them with the outcomes that the machine decides. Thread-safe.</summary>
internal sealed class TicketDesk
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

    public void Answer(long ticket, ServiceOutcome outcome)
    {
        if (_open.TryRemove(ticket, out var open))
            open.TrySetResult(outcome);
    }

    /// <summary>The loop has ended: whoever still waits is told so.</summary>
    public void Close(string service)
    {
        foreach (var ticket in _open.Keys)
            Answer(ticket, new ServiceOutcome(service, Succeeded: false, $"{service}: its host has left", Status: null));
    }
}
