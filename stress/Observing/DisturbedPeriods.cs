using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// The periods in which the tree may be slow: a fault is under way, the watcher is not fully watching, or a service waits to be started. A fold over the
/// record. Not thread-safe.
/// </summary>
internal sealed class DisturbedPeriods
{
    /// <summary>Older periods are not queried.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, Span> _open = new(StringComparer.Ordinal);
    private readonly List<Span> _over = [];

    /// <param name="Service">The service that may be slow; null: every service.</param>
    /// <param name="To">null: it has not ended.</param>
    private sealed record Span(string? Service, TimeSpan From, TimeSpan? To);

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan fault:
                Begin(KeyOf(fault.Fault), fault.Target is FaultTarget.Watcher or FaultTarget.Parent ? null : fault.Service, fault.At);
                break;
            case FaultEnded fault:
                End(KeyOf(fault.Fault), fault.At);
                break;
            case WatcherSeen watcher:
                Mark("watcher", null, watcher.State != WatcherPhase.Watching || watcher.Degraded, watcher.At);
                break;
            case ServiceSeen service:
                Mark($"service {service.Service}", service.Service, IsWaiting(service.State), service.At);
                break;
        }
    }

    /// <summary>Whether a period for that service overlaps that time.</summary>
    public bool Overlaps(string service, TimeSpan from, TimeSpan to) => _open.Values.Concat(_over).Any(
        span => (span.Service is null || span.Service == service) && span.From <= to && (span.To ?? to) >= from);

    private static bool IsWaiting(ServicePhase state) =>
        state is ServicePhase.Backoff or ServicePhase.CrashLoop or ServicePhase.Blocked or ServicePhase.Pending or ServicePhase.Stopped or ServicePhase.Failed;

    private static string KeyOf(int fault) => $"fault {fault}";

    private void Mark(string key, string? service, bool disturbed, TimeSpan at)
    {
        if (!disturbed)
            End(key, at);
        else if (!_open.ContainsKey(key))
            Begin(key, service, at);
    }

    private void Begin(string key, string? service, TimeSpan at) => _open[key] = new Span(service, at, To: null);

    private void End(string key, TimeSpan at)
    {
        if (!_open.Remove(key, out var span))
            return;

        _over.RemoveAll(old => at - old.To > Retention);
        _over.Add(span with { To = at });
    }
}
