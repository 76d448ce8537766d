namespace Supervisor.Watcher.Coalescing;

/// <summary>Where the pending batch stands. Moments are on the loop's monotonic clock.</summary>
/// <param name="Paths">How many paths are dirty or changed.</param>
/// <param name="FirstDirty">When the first of them was marked.</param>
/// <param name="LastDirty">When the last event about any of them arrived.</param>
/// <param name="PathsHeldUntil">A file is still being written, or was deleted and may come back: see <see cref="PathHolds"/>.</param>
/// <param name="TreeHeldUntil">A version-control operation is running: see <see cref="VersionControlHold"/>.</param>
/// <param name="Unlooked">How many of the paths are still to be looked at: on a busy machine the other half of a rename may be among them.</param>
public sealed record SettleState(int Paths, TimeSpan FirstDirty, TimeSpan LastDirty, TimeSpan? PathsHeldUntil, TimeSpan? TreeHeldUntil, int Unlooked = 0);

public abstract record SettleDecision
{
    public sealed record DeliverNow : SettleDecision;

    /// <summary>Ask again at that moment, or when something more is heard.</summary>
    public sealed record WaitUntil(TimeSpan At) : SettleDecision;
}

/// <summary>
/// When a batch is whole: once the files are quiet, the longer the more there are and the longer they have been coming, but a steady stream of
/// changes is cut into batches. One save is delivered after 10 ms; a formatter that rewrites the file, a checkout of thousands of files or a
/// slow writer make one batch, not many. Pure.
/// </summary>
/// <param name="Fixed">The configured quiet time; null: adaptive.</param>
public sealed record SettleRule(TimeSpan? Fixed)
{
    private static readonly Pace Single = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(300));
    private static readonly Pace Burst = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
    private static readonly Pace Storm = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3));

    // Whoever wrote a thousand files within 50 ms does not pause for 250 between two of them.
    private const int StormShare = 2;

    // Whoever asks for long quiet means it: a stream of changes is then cut less often too.
    private const int LatencyPerFixedQuiet = 10;

    public SettleDecision Decide(SettleState state, TimeSpan now)
    {
        var pace = PaceOf(state);
        var latest = state.FirstDirty + pace.MaxLatency;
        var whole = state.Unlooked > 0 ? latest : Later(state.LastDirty + pace.Quiet, state.PathsHeldUntil);
        var due = Later(whole < latest ? whole : latest, state.TreeHeldUntil);

        return due <= now ? new SettleDecision.DeliverNow() : new SettleDecision.WaitUntil(due);
    }

    private static TimeSpan Later(TimeSpan moment, TimeSpan? other) => other > moment ? other.Value : moment;

    private Pace PaceOf(SettleState state)
    {
        var adaptive = state.Paths switch { <= 20 => Single, <= 1_000 => Burst, _ => PaceOfStorm(state.LastDirty - state.FirstDirty) };

        return Fixed is { } quiet
            ? new Pace(quiet, TimeSpan.FromTicks(Math.Max(adaptive.MaxLatency.Ticks, quiet.Ticks * LatencyPerFixedQuiet)))
            : adaptive;
    }

    private static Pace PaceOfStorm(TimeSpan lasted)
    {
        var quiet = lasted / StormShare;
        return Storm with { Quiet = quiet < Burst.Quiet ? Burst.Quiet : quiet > Storm.Quiet ? Storm.Quiet : quiet };
    }

    /// <param name="Quiet">So long nothing must have been heard.</param>
    /// <param name="MaxLatency">So long the first change waits at most.</param>
    private sealed record Pace(TimeSpan Quiet, TimeSpan MaxLatency);
}
