
namespace Supervisor.Host.Serving;

/// <summary>The newest status and a way to wait for a newer one. Conflates: who is slow misses statuses, never the newest. Thread-safe.</summary>
internal sealed class StatusBoard(ServiceSpec spec, int hostPid, Situation initial)
{
    private readonly Lock _lock = new();
    private Situation _situation = initial;
    private UsageSample? _usage;
    private ServiceStatus _status = StatusView.Of(initial, spec, hostPid, usage: null);
    private TaskCompletionSource _changed = New();

    public ServiceStatus Current
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>The status, and what completes when there is another one.</summary>
    public (ServiceStatus Status, Task Changed) Look()
    {
        lock (_lock)
            return (_status, _changed.Task);
    }

    public void Show(Situation situation) => Change(situation, null);

    public void Show(UsageSample usage) => Change(null, usage);

    private void Change(Situation? situation, UsageSample? usage)
    {
        TaskCompletionSource changed;

        lock (_lock)
        {
            _situation = situation ?? _situation;
            _usage = usage ?? _usage;
            _status = StatusView.Of(_situation, spec, hostPid, _usage);
            (changed, _changed) = (_changed, New());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
