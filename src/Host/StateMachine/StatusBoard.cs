
namespace Supervisor.Host.StateMachine;

/// <summary>The newest status, and a way to wait for the next. Conflates: a slow reader misses intermediate statuses, never the newest. Thread-safe.</summary>
internal sealed class StatusBoard(ServiceSpec spec, int hostPid, HostSnapshot initial)
{
    private readonly Lock _lock = new();
    private HostSnapshot _snapshot = initial;
    private UsageSample? _usage;
    private RestartRates? _rates;
    private long _number;
    private ServiceStatus _status = StatusView.Of(initial, spec, hostPid, usage: null);
    private TaskCompletionSource _changed = NewSource();

    public ServiceStatus Current
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>The status, and a task that completes when it changes.</summary>
    public (ServiceStatus Status, Task Changed) Read()
    {
        lock (_lock)
            return (_status, _changed.Task);
    }

    public void Update(HostSnapshot snapshot) => Replace(snapshot, null, null);

    /// <summary>The same as before is no news.</summary>
    public void Update(UsageSample usage)
    {
        if (usage != Volatile.Read(ref _usage))
            Replace(null, usage, null);
    }

    /// <summary>The same as before is no news.</summary>
    public void Update(RestartRates rates)
    {
        if (rates != Volatile.Read(ref _rates))
            Replace(null, null, rates);
    }

    /// <summary>Reports the same again, as news: whoever has asked for something learns that this is what has come of it.</summary>
    public void Repeat() => Replace(null, null, null);

    private void Replace(HostSnapshot? snapshot, UsageSample? usage, RestartRates? rates)
    {
        TaskCompletionSource changed;

        lock (_lock)
        {
            _snapshot = snapshot ?? _snapshot;
            _usage = usage ?? _usage;
            _rates = rates ?? _rates;
            _status = StatusView.Of(_snapshot, spec, hostPid, _usage, _rates) with { Number = ++_number };
            (changed, _changed) = (_changed, NewSource());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
