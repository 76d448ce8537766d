namespace Supervisor.Stress.Faults;

/// <summary>
/// How often we may fail one service before the product's own rule gives it up: five failures in 60 s, or ten in 10 min, are a crash loop, and we stay one
/// below both. In real time, whatever the speed of a run. Not thread-safe: the run loop owns it.
/// </summary>
internal sealed class FaultBudget
{
    private static readonly (int Most, TimeSpan Within)[] Rules = [(4, TimeSpan.FromSeconds(60)), (9, TimeSpan.FromMinutes(10))];

    private readonly Dictionary<string, List<TimeSpan>> _failures = new(StringComparer.Ordinal);

    /// <summary>null: it may be failed once more; else why not, for <see cref="Recording.FaultSkipped"/>.</summary>
    public string? Refusal(string service, TimeSpan now) =>
        _failures.TryGetValue(service, out var times) && Rules.Any(rule => times.Count(at => now - at <= rule.Within) >= rule.Most)
            ? $"service {service} has had its share of crashes for now"
            : null;

    /// <summary>The service has failed, at our hand or at a job's.</summary>
    public void Spend(string service, TimeSpan now)
    {
        if (!_failures.TryGetValue(service, out var times))
            _failures[service] = times = [];

        times.Add(now);
        times.RemoveAll(at => now - at > Rules[^1].Within);
    }
}
