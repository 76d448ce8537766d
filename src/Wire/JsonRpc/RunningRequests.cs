using System.Diagnostics.CodeAnalysis;

namespace Supervisor.Wire.JsonRpc;

/// <summary>A request of the other end, from its arrival until its answer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer or links holds nothing but memory; a late cancellation must not find it disposed.")]
internal sealed class RunningRequest
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Cancelled by the caller or by the link's end.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool CallerCancelled { get; private set; }

    public void CancelByCaller()
    {
        CallerCancelled = true;
        _cancellation.Cancel();
    }

    public void CancelByLinkEnd() => _cancellation.Cancel();
}

/// <summary>The other end's requests that have no answer yet. Thread-safe.</summary>
internal sealed class RunningRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RpcId, RunningRequest> _running = [];

    /// <summary>null when a request with this id is running already: its answer could not be told from the new one's.</summary>
    public RunningRequest? TryBegin(RpcId id)
    {
        var request = new RunningRequest();

        lock (_lock)
            return _running.TryAdd(id, request) ? request : null;
    }

    /// <summary>A request that is not there has been answered: the cancellation came too late.</summary>
    public void Cancel(RpcId id)
    {
        RunningRequest? request;

        lock (_lock)
            _running.TryGetValue(id, out request);

        // Outside the lock: it runs whatever the handler has registered.
        request?.CancelByCaller();
    }

    public void CancelAll()
    {
        List<RunningRequest> requests;

        lock (_lock)
            requests = [.. _running.Values];

        foreach (var request in requests)
            request.CancelByLinkEnd();
    }

    public void End(RpcId id)
    {
        lock (_lock)
            _running.Remove(id);
    }
}
