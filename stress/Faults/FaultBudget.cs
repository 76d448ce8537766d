namespace Supervisor.Stress.Faults;

/// <summary>
/// Limits how often the harness may fail one service. The product gives a service up after five failures in 60 s or ten in 10 min; the budget stays one below
/// both. Counted in real time, whatever the speed of a run. Not thread-safe: the run loop owns it.
/// </summary>
internal sealed class FaultBudget
{
    private static readonly (int Maximum, TimeSpan Within)[] Rules = [(4, TimeSpan.FromSeconds(60)), (9, TimeSpan.FromMinutes(10))];

    private readonly Dictionary<string, List<TimeSpan>> _failures = new(StringComparer.Ordinal);

    /// <summary>null: the service may fail once more; else the reason why not, for <see cref="Recording.FaultSkipped"/>.</summary>
    public string? Refusal(string service, TimeSpan now) =>
        _failures.TryGetValue(service, out var times) && Rules.Any(rule => times.Count(at => now - at <= rule.Within) >= rule.Maximum)
            ? $"service {service} has reached its limit of crashes for now"
            : null;

    /// <summary>Counts a failure of the service, caused by a fault or by a job.</summary>
    public void Spend(string service, TimeSpan now)
    {
        if (!_failures.TryGetValue(service, out var times))
            _failures[service] = times = [];

        times.Add(now);
        times.RemoveAll(at => now - at > Rules[^1].Within);
    }
}
