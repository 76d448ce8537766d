namespace Supervisor.Supervision;

/// <summary>What a sample requires, most severe first.</summary>
public enum LadderStep
{
    /// <summary>At its memory cap in two samples.</summary>
    Kill,

    /// <summary>Over 80 % of its memory cap, and ready: replace it.</summary>
    RecycleForMemory,

    /// <summary>At its CPU cap for <see cref="UsageLadder.SpinningAfter"/>: replace it.</summary>
    RecycleForCpu,

    /// <summary>Over 60 % of its memory cap for the first time: ask it to give memory back.</summary>
    BeginTrimming,

    /// <summary>Still over 60 %, <see cref="UsageLadder.TrimPeriod"/> later.</summary>
    TrimAgain,

    /// <summary>At its CPU cap for <see cref="UsageLadder.ThrottledAfter"/>.</summary>
    BeginThrottling,

    Stay,
}

/// <summary>
/// Judges from sample to sample how near a process is to its caps. A kernel that enforces the caps throttles and kills by itself; this rule acts earlier,
/// and acts alone where there are only samples. Constants: design, section 8. A process whose baseline is above a rung is not trimmed or replaced for
/// that, because its replacement would need as much: its rungs are moved up, into what is left of the cap. Pure; an immutable value.
/// </summary>
/// <param name="SamplesAtCap">How many samples in a row were at the memory cap.</param>
/// <param name="TrimmedAt">When it was last asked to give memory back; null: it is below 60 %.</param>
/// <param name="BusySince">Since when it is at its CPU cap; null: it is not.</param>
/// <param name="IsThrottled">It has been at its CPU cap for long.</param>
/// <param name="Baseline">The lowest share of its memory cap since it is ready; null: it is not ready.</param>
public sealed record UsageLadder(int SamplesAtCap, TimeSpan? TrimmedAt, TimeSpan? BusySince, bool IsThrottled, double? Baseline)
{
    public static readonly UsageLadder Initial = new(0, null, null, IsThrottled: false, Baseline: null);

    public static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ThrottledAfter = TimeSpan.FromSeconds(5);

    /// <summary>A checkout, an npm install or a first crawl is over by then; a longer storm loses nothing when the watcher is replaced.</summary>
    public static readonly TimeSpan SpinningAfter = TimeSpan.FromSeconds(20);

    private const double TrimShare = 0.6;
    private const double RecycleShare = 0.8;

    // The kernel grants a quota in slices of a tenth of a second and counts in ticks of 10 ms, so a reading of a spinning process is a
    // tenth too low or too high, and on a busy machine it may get less. Two thresholds, so that one low sample does not restart the measurement.
    private const double BusyFrom = 0.9;
    private const double BusyUntilBelow = 0.7;

    public bool IsTrimming => TrimmedAt is not null;

    /// <param name="memory">Share of the memory cap, 1 is all of it; null: there is no cap.</param>
    /// <param name="cpu">Share of the CPU cap; null: there is no cap.</param>
    /// <param name="isReady">It has loaded what it needs; before that its baseline is not known.</param>
    /// <param name="mayRecycle">It can be replaced now. Otherwise only the lower rungs apply.</param>
    public (LadderStep Step, UsageLadder Next) Sampled(double? memory, double? cpu, bool isReady, bool mayRecycle, TimeSpan now)
    {
        var baseline = isReady && !(Baseline < memory) ? memory : Baseline;
        var busySince = cpu >= (BusySince is null ? BusyFrom : BusyUntilBelow) ? BusySince ?? now : (TimeSpan?)null;
        var next = new UsageLadder(
            memory >= 1 ? SamplesAtCap + 1 : 0,
            memory >= Rung(TrimShare, baseline, 0.25) ? IsPast(TrimmedAt, TrimPeriod, now) ? now : TrimmedAt : null,
            busySince,
            now - busySince >= ThrottledAfter,
            baseline);

        var step = memory >= 1 && next.SamplesAtCap > 1 ? LadderStep.Kill
            : mayRecycle && baseline is not null && memory >= Rung(RecycleShare, baseline, 0.5) ? LadderStep.RecycleForMemory
            : mayRecycle && now - next.BusySince >= SpinningAfter ? LadderStep.RecycleForCpu
            : next.IsTrimming && !IsTrimming ? LadderStep.BeginTrimming
            : next.TrimmedAt != TrimmedAt && next.IsTrimming ? LadderStep.TrimAgain
            : next.IsThrottled && !IsThrottled ? LadderStep.BeginThrottling
            : LadderStep.Stay;
        return (step, next);
    }

    private static double Rung(double share, double? baseline, double shareOfRest) =>
        baseline is { } least ? Math.Max(share, least + (shareOfRest * (1 - least))) : share;

    private static bool IsPast(TimeSpan? last, TimeSpan period, TimeSpan now) => last is null || now >= last + period;
}
