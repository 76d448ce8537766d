using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>No process of the tree ever exceeds its memory cap, and the watcher stays within its CPU cap.</summary>
internal sealed class CapsHold : IInvariant
{
    /// <summary>
    /// Resident memory includes file pages that the kernel may charge to another process, and where no kernel limit exists, a leak is seen one sample after
    /// the cap. A CPU share is granted in slices, and the last one may reach into the next window.
    /// </summary>
    private const double Tolerance = 1.10;

    /// <summary>A CPU share is a mean: over a shorter window it reflects slices rather than the cap.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly CheckCounter _checks = new();
    private readonly Dictionary<string, (long Peak, long Cap)> _most = new(StringComparer.Ordinal);
    private ProcessSampled? _windowBegan;
    private double _busiest;

    public string Name => "Memory and CPU stay under their caps";

    public InvariantVerdict Verdict => _checks.Verdict(Name, Measured(), notApplicable: null);

    public void Apply(RunEvent runEvent)
    {
        if (runEvent is not ProcessSampled sample)
            return;

        if (sample.CapBytes is { } cap)
            CheckMemory(sample, cap);

        if (sample.Process == Roles.Watcher)
            CheckCpu(sample);
    }

    private void CheckMemory(ProcessSampled sample, long cap)
    {
        var held = sample.PeakBytes - sample.MappedBytes;
        if (!_most.TryGetValue(sample.Process, out var most) || held > most.Peak)
            _most[sample.Process] = (held, cap);

        _checks.Check(held <= cap * Tolerance, sample.At, () =>
            $"{sample.Process} (pid {sample.Pid}) held {VerdictFormat.Size(held)}; its cap is {VerdictFormat.Size(cap)}");
    }

    private void CheckCpu(ProcessSampled sample)
    {
        if (_windowBegan is not { } began || began.Pid != sample.Pid)
        {
            _windowBegan = sample;
            return;
        }

        var window = sample.At - began.At;
        if (window < Window)
            return;

        var share = (sample.Cpu - began.Cpu) / window;
        _busiest = Math.Max(_busiest, share);
        _windowBegan = sample;
        _checks.Check(share <= ProductSpec.WatcherCpu * Tolerance, sample.At, () =>
            VerdictFormat.Format($"the watcher (pid {sample.Pid}) used {share:0 %} of {window.TotalSeconds:0} s; ")
                + VerdictFormat.Format($"its cap is {ProductSpec.WatcherCpu:0 %}"));
    }

    private string Measured() => string.Join(", ",
    [
        .. _most.OrderBy(most => most.Key, StringComparer.Ordinal)
            .Select(most => $"{most.Key} {VerdictFormat.Size(most.Value.Peak)} of {VerdictFormat.Size(most.Value.Cap)}"),
        VerdictFormat.Format($"CPU of the watcher {_busiest:0 %} of {ProductSpec.WatcherCpu:0 %}"),
    ]);
}
