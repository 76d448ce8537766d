using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>From a fault of a server or host until the service is ready again with another process; or, when nothing died, until the fault is over.</summary>
internal sealed class FaultSpan(FaultBegan began)
{
    /// <summary>The request timeout of the harness: a request sent to a hung server before it continued may fail this much later.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private FaultEnded? _ended;
    private TimeSpan? _replacedAt;

    public int Fault => began.Fault;

    public string Why => $"fault {began.Fault} ({began.Name})";

    public TimeRange Range { get; private set; } = new(began.At, Until: null);

    /// <summary>A hang does not excuse another process. Until the fault is over it is unknown whether it is one.</summary>
    public bool ExcusesRestart => _ended is not { VictimDied: false };

    public void Ended(FaultEnded ended, ServiceSeen? last)
    {
        _ended = ended;
        Settle(ended.At, last);
    }

    public void Saw(ServiceSeen seen)
    {
        if (_replacedAt is null && ServiceTimeline.Serves(seen) && IsReplacement(seen))
            _replacedAt = seen.At;

        Settle(seen.At, seen);
    }

    private void Settle(TimeSpan at, ServiceSeen? last)
    {
        if (Range.Until is not null || _ended is null)
            return;

        if (!_ended.VictimDied && last is not null && ServiceTimeline.Serves(last))
            Range = Range with { Until = Later(at, _ended.At + RequestTimeout) };
        else if (_ended.VictimDied && _replacedAt is not null)
            Range = Range with { Until = at };
    }

    private bool IsReplacement(ServiceSeen seen) => (began.Pid, began.Target) switch
    {
        ({ } victim, FaultTarget.Host) => seen.HostPid != victim,
        ({ } victim, _) => seen.Pid != victim,
        _ => seen.StartedAt > began.At,
    };

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
