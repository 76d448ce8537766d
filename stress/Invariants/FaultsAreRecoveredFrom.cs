using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Invariants.Statistics;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>Every process that a fault kills is replaced in time; so is a watcher that hangs.</summary>
internal sealed class FaultsAreRecoveredFrom : IInvariant
{
    /// <summary>Allowance for a start on a busy machine.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);

    private readonly CheckCounter _checks = new();
    private readonly List<OpenFault> _open = [];
    private readonly Dictionary<FaultTarget, List<TimeSpan>> _took = [];
    private bool _anyDeath;

    public string Name => "Every fault of a process is recovered from";

    public InvariantVerdict Verdict => _checks.Verdict(Name, Measured(), _anyDeath ? null : "no fault killed or hung a process");

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan fault:
                _open.Add(new OpenFault(fault));
                break;

            case FaultEnded ended:
                _open.Find(fault => fault.Number == ended.Fault)?.End(ended);
                break;

            default:
                _open.ForEach(fault => fault.Apply(runEvent));
                break;
        }

        foreach (var fault in _open.Where(fault => fault.IsOver(runEvent.At)).ToList())
            Close(fault, runEvent.At);
    }

    /// <summary>The longest backoff and a start; a service also has to become ready.</summary>
    public static TimeSpan Bound(FaultTarget target) => Slack + target switch
    {
        FaultTarget.Watcher => ProductSpec.WatcherBackoffCap * (1 + ProductSpec.Jitter),
        FaultTarget.Parent => TimeSpan.Zero,
        FaultTarget.Server => ProductSpec.ServiceBackoffCap * (1 + ProductSpec.Jitter),
        _ => ProductSpec.ServiceBackoffCap * (1 + ProductSpec.Jitter) * 2,
    };

    private void Close(OpenFault fault, TimeSpan at)
    {
        _open.Remove(fault);

        if (!fault.NeedsReplacement)
            return;

        _anyDeath = true;

        if (fault.Took is not { } took)
        {
            _checks.Fail(at, $"{fault.Description}: not replaced within {VerdictFormat.Span(fault.Limit)}");
            return;
        }

        Of(fault.Target).Add(took);
        _checks.Check(took <= fault.Limit, at, () =>
            $"{fault.Description}: its replacement took {VerdictFormat.Span(took)}; {VerdictFormat.Span(fault.Limit)} are allowed");
    }

    private List<TimeSpan> Of(FaultTarget target)
    {
        if (!_took.TryGetValue(target, out var took))
            _took[target] = took = [];

        return took;
    }

    private string Measured() => _took.Count == 0
        ? "none"
        : "replaced after the fault: " + string.Join("; ", _took.OrderBy(of => of.Key)
            .Select(of => $"{of.Key.ToString().ToLowerInvariant()}: {Distribution.Of(of.Value)}"));

    /// <summary>A fault until its outcome is known.</summary>
    private sealed class OpenFault(FaultBegan began)
    {
        private FaultEnded? _ended;
        private TimeSpan? _replacedAt;

        public int Number => began.Fault;

        public FaultTarget Target => began.Target;

        public string Description => $"{began.Name} ({began.Service ?? "tree"}, pid {began.Pid})";

        /// <summary>Whether the fault killed its victim or hung the watcher; otherwise nothing has to be replaced.</summary>
        public bool NeedsReplacement => _ended is { VictimDied: true } || IsWatcherHang;

        public TimeSpan Limit => IsWatcherHang ? ProductSpec.Hung + Slack : Bound(Target);

        /// <summary>
        /// From the end of the fault, or from the beginning of a hang, to the replacement; zero when it was there before the fault was recorded as over;
        /// null: there is none.
        /// </summary>
        public TimeSpan? Took => _replacedAt is { } at ? Positive(at - Since) : null;

        private bool IsWatcherHang => began.Target == FaultTarget.Watcher && FaultTraits.IsHang(began.Name);

        private TimeSpan Since => IsWatcherHang ? began.At : _ended?.At ?? began.At;

        public void End(FaultEnded ended) => _ended = ended;

        public void Apply(RunEvent runEvent)
        {
            if (_replacedAt is null && IsReplacement(runEvent))
                _replacedAt = runEvent.At;
        }

        public bool IsOver(TimeSpan now) => IsWatcherHang
            ? Took is not null || now - began.At > Limit
            : _ended is not null && (!_ended.VictimDied || _replacedAt is not null || now - _ended.At > Limit);

        private bool IsReplacement(RunEvent runEvent) => (began.Target, runEvent) switch
        {
            (FaultTarget.Watcher, WatcherSeen { Pid: { } pid }) => IsOther(pid),
            (FaultTarget.Parent, ParentSeen parent) => IsOther(parent.Pid),
            (FaultTarget.Host, ServiceSeen { HostPid: { } pid } seen) => seen.Service == began.Service && IsOther(pid) && HasRestarted(seen),
            (FaultTarget.Server, ServiceSeen { Pid: { } pid } seen) => seen.Service == began.Service && IsOther(pid) && HasRestarted(seen),

            // BackoffIsObeyed checks whether it was rightly given up.
            (FaultTarget.Server, ServiceSeen { State: ServicePhase.CrashLoop } seen) => seen.Service == began.Service,
            _ => false,
        };

        private bool IsOther(int pid) => pid != began.Pid;

        private static bool HasRestarted(ServiceSeen seen) => ServiceTimeline.Serves(seen) || seen.State == ServicePhase.CrashLoop;

        private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
    }
}
