using Supervisor.Stress.Faults;
using Supervisor.Stress.Jobs;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Scheduling;

/// <summary>The scenarios that can be asked for by name.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("night", "Every kind of job, every kind of fault, one fault in two and a half minutes: the overnight scenario.",
            EveryJob, [.. FaultCatalogue.All.Select(fault => fault.Name)], TimeSpan.FromSeconds(150)),
        new("free-list-botch", "The report behind this project: 3 jobs every 40 s, and in each period the watcher's native heap is corrupted until it dies.",
            EveryJob, ["watcher-use-after-free", "watcher-double-free"], TimeSpan.FromSeconds(40)),
        new("watcher", "Faults of the watcher only, once a minute: killed, hung, paused, leaking, spinning, queue overflow.",
            EveryJob, FaultsOf(FaultTarget.Watcher), TimeSpan.FromSeconds(60)),
        new("servers", "Faults of servers and their hosts only, once in two minutes: crashes, exits, hangs, leaks, stray children.",
            EveryJob, [.. FaultsOf(FaultTarget.Server), .. FaultsOf(FaultTarget.Host)], TimeSpan.FromSeconds(120)),
        new("parent", "The parent and the hosts are killed, once in two minutes; the servers must not be affected by the parent's death.",
            EveryJob, [.. FaultsOf(FaultTarget.Parent), .. FaultsOf(FaultTarget.Host)], TimeSpan.FromSeconds(120)),
        new("calm", "Every kind of job and no fault: shows needless restarts and slow growth best.", EveryJob, [], TimeSpan.FromHours(1)),
        new("proof", "Used by the prove command against a product with a defect: every kind of job, and a watcher that leaks.",
            EveryJob, ["watcher-leak"], TimeSpan.FromSeconds(60)),
    ];

    public static Scenario Named(string name) => All.Single(scenario => scenario.Name == name);

    private static IReadOnlyList<string> EveryJob => [.. JobCatalogue.All.Select(job => job.Name)];

    private static IReadOnlyList<string> FaultsOf(FaultTarget target) =>
        [.. FaultCatalogue.All.Where(fault => fault.Target == target).Select(fault => fault.Name)];
}
