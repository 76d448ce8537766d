namespace Supervisor.Supervision;

/// <summary>What a sample calls for, the gravest first.</summary>
public enum LadderStep
{
    /// <summary>At its memory cap in two samples: nothing is left to wait for.</summary>
    Kill,

    /// <summary>Over 80 % of its memory cap, and ready: another one is to take its place.</summary>
    RecycleForMemory,

    /// <summary>At its CPU cap for <see cref="UsageLadder.SpinningAfter"/>: another one is to take its place.</summary>
    RecycleForCpu,

    /// <summary>It has come over 60 % of its memory cap: it is to give memory back.</summary>
    BeginTrimming,

    /// <summary>It is still there, <see cref="UsageLadder.BetweenTrims"/> later.</summary>
    TrimAgain,

    /// <summary>It has been at its CPU cap for <see cref="UsageLadder.ThrottledAfter"/>.</summary>
    BeginThrottling,

    Stay,
}

/// <summary>
/// How near a process of ours is to its caps, from sample to sample. Where a kernel enforces the caps it throttles and kills by itself; the ladder stands
/// below it, and alone where nothing is to be had but samples. Constants: design, section 8. One that rests above a rung is not trimmed or replaced for that: the
/// next one would hold as much. Then the rungs are further up, within what is left of the cap. Pure; an immutable value.
/// </summary>
/// <param name="SamplesAtCap">How many in a row found it at its memory cap.</param>
/// <param name="TrimmedAt">When it was last asked to give memory back; null: it is below 60 %.</param>
/// <param name="BusySince">Since when every sample found it at its CPU cap; null: the last one did not.</param>
/// <param name="IsThrottled">It has been busy for long.</param>
/// <param name="Resting">The least of its memory cap that it was seen to hold since it is ready; null: it is not.</param>
public sealed record UsageLadder(int SamplesAtCap, TimeSpan? TrimmedAt, TimeSpan? BusySince, bool IsThrottled, double? Resting)
{
    public static readonly UsageLadder Calm = new(0, null, null, IsThrottled: false, Resting: null);

    public static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ThrottledAfter = TimeSpan.FromSeconds(5);

    /// <summary>A checkout, an npm install or a first crawl is over by then; a storm that is not loses nothing by the change of watchers.</summary>
    public static readonly TimeSpan SpinningAfter = TimeSpan.FromSeconds(20);

    private const double Trimming = 0.6;
    private const double Recycling = 0.8;

    // A quota is granted in slices of a tenth of a second, and a process that spins gets all of them but the last.
    private const double Busy = 0.9;

    public bool IsTrimming => TrimmedAt is not null;

    /// <param name="memory">Of the memory cap, 1 is all of it; null: there is none.</param>
    /// <param name="cpu">Of the CPU cap; null: there is none.</param>
    /// <param name="isReady">It has what it needs; until then it is not known what it rests at.</param>
    /// <param name="mayRecycle">Another one can take its place now. Otherwise the lower rungs have to do.</param>
    public (LadderStep Step, UsageLadder Next) Sampled(double? memory, double? cpu, bool isReady, bool mayRecycle, TimeSpan now)
    {
        var resting = isReady && !(Resting < memory) ? memory : Resting;
        var next = new UsageLadder(
            memory >= 1 ? SamplesAtCap + 1 : 0,
            memory >= Rung(Trimming, resting, 0.25) ? IsPast(TrimmedAt, BetweenTrims, now) ? now : TrimmedAt : null,
            cpu >= Busy ? BusySince ?? now : null,
            cpu >= Busy && now - BusySince >= ThrottledAfter,
            resting);

        var step = memory >= 1 && next.SamplesAtCap > 1 ? LadderStep.Kill
            : mayRecycle && resting is not null && memory >= Rung(Recycling, resting, 0.5) ? LadderStep.RecycleForMemory
            : mayRecycle && now - next.BusySince >= SpinningAfter ? LadderStep.RecycleForCpu
            : next.IsTrimming && !IsTrimming ? LadderStep.BeginTrimming
            : next.TrimmedAt != TrimmedAt && next.IsTrimming ? LadderStep.TrimAgain
            : next.IsThrottled && !IsThrottled ? LadderStep.BeginThrottling
            : LadderStep.Stay;
        return (step, next);
    }

    private static double Rung(double share, double? resting, double ofTheRest) =>
        resting is { } held ? Math.Max(share, held + (ofTheRest * (1 - held))) : share;

    private static bool IsPast(TimeSpan? last, TimeSpan period, TimeSpan now) => last is null || now >= last + period;
}
