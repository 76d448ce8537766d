namespace Supervisor.Watcher.Memory;

/// <summary>The memory pressure of this process. Moments are on the loop's monotonic clock.</summary>
public abstract record MemoryState
{
    public sealed record Normal : MemoryState;

    /// <summary>Above the first threshold; last trimmed then.</summary>
    public sealed record Trimmed(TimeSpan At) : MemoryState;

    /// <summary>Above the second threshold; trimmed when it got there.</summary>
    public sealed record AwaitingReplacement(TimeSpan Since) : MemoryState;

    /// <summary>The parent did not replace us in time: the process exits; final.</summary>
    public sealed record Leaving : MemoryState;
}

public enum MemoryAction
{
    Nothing,

    /// <summary>Give memory back: <see cref="MemoryTrim.Run"/>.</summary>
    Trim,

    /// <summary>Take no more events, deliver what is settled, exit.</summary>
    Leave,
}

/// <summary>
/// What to do about our own memory, by how much of the cap is resident: from 60 % trim. From 80 % on the parent, which
/// sees it too, has the next watcher read and watch everything before it lets us go; only where that has not happened within 20 s (another one was
/// replaced a moment ago) we leave by ourselves, which is better than the kill at 100 %. A tree may be so large that its watcher rests above a rung: then
/// nothing is gained by another one, which would hold as much, and the rungs are further up, within what is left of the cap. Pure.
/// </summary>
public static class MemoryPolicy
{
    private const double TrimAt = 0.6;
    private const double FullAt = 0.8;
    private static readonly TimeSpan ReplacementTimeout = TimeSpan.FromSeconds(20);

    // A process that lives between 60 and 80 % because its tree is that large must not spend its time collecting.
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(30);

    /// <param name="restingBytes">The least that was resident since everything had been read; 0: it is being read.</param>
    /// <param name="capBytes">null: no cap, no action.</param>
    public static (MemoryState State, MemoryAction Action) Step(MemoryState state, long residentBytes, long restingBytes, long? capBytes, TimeSpan now)
    {
        var (share, resting) = capBytes is > 0 ? ((double)residentBytes / capBytes.Value, (double)restingBytes / capBytes.Value) : (0, 0);
        var (trimAt, fullAt) = (Threshold(TrimAt, resting, 0.25), Threshold(FullAt, resting, 0.5));

        return state switch
        {
            MemoryState.Leaving => (state, MemoryAction.Nothing),

            MemoryState.AwaitingReplacement(var since) when share >= fullAt => now - since >= ReplacementTimeout
                ? (new MemoryState.Leaving(), MemoryAction.Leave)
                : (state, MemoryAction.Nothing),
            _ when share >= fullAt => (new MemoryState.AwaitingReplacement(now), MemoryAction.Trim),

            MemoryState.AwaitingReplacement(var since) when share >= trimAt => (new MemoryState.Trimmed(since), MemoryAction.Nothing),
            MemoryState.Trimmed(var at) when share >= trimAt && now - at < TrimInterval => (state, MemoryAction.Nothing),
            _ when share >= trimAt => (new MemoryState.Trimmed(now), MemoryAction.Trim),

            MemoryState.Normal => (state, MemoryAction.Nothing),
            _ => (new MemoryState.Normal(), MemoryAction.Nothing),
        };
    }

    /// <summary>The tree is so large that little room is left under the cap: worth a warning.</summary>
    public static bool IsNearCap(long restingBytes, long? capBytes) => capBytes is > 0 && restingBytes >= FullAt * capBytes.Value;

    private static double Threshold(double share, double resting, double shareOfRest) => Math.Max(share, resting + (shareOfRest * (1 - resting)));
}

/// <summary>
/// Returns unused memory to the system. Pauses the process for tens of milliseconds: only when <see cref="MemoryPolicy"/> or the parent
/// asks for it.
/// </summary>
public static class MemoryTrim
{
    public static void Run() => GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
