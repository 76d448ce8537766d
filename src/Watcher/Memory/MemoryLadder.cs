namespace Supervisor.Watcher.Memory;

/// <summary>How far up the ladder the process is. Moments are on the loop's monotonic clock.</summary>
public abstract record MemoryState
{
    public sealed record Calm : MemoryState;

    /// <summary>Above the first step; last trimmed then.</summary>
    public sealed record Trimmed(TimeSpan At) : MemoryState;

    /// <summary>Above the second step; trimmed when it got there.</summary>
    public sealed record LastChance(TimeSpan Since) : MemoryState;

    /// <summary>The process is to be replaced; nothing leads back.</summary>
    public sealed record Recycling : MemoryState;
}

public enum MemoryAction
{
    Nothing,

    /// <summary>Give memory back: <see cref="MemoryTrim.Run"/>.</summary>
    Trim,

    /// <summary>Take in nothing more, deliver what is settled, exit as planned.</summary>
    Recycle,
}

/// <summary>
/// What to do about our own memory, by how much of the cap is resident: from 60 % trim, from 80 % be replaced unless a trim helps within 2
/// s. (100 % is the kernel's or the parent's: a kill.) Pure.
/// </summary>
public static class MemoryLadder
{
    private const double TrimAt = 0.6;
    private const double RecycleAt = 0.8;
    private static readonly TimeSpan TimeToHelp = TimeSpan.FromSeconds(2);

    // A process that lives between 60 and 80 % because its tree is that large must not spend its time collecting.
    private static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(30);

    /// <param name="capBytes">null: no cap, no ladder.</param>
    public static (MemoryState State, MemoryAction Action) Step(MemoryState state, long residentBytes, long? capBytes, TimeSpan now)
    {
        var share = capBytes is > 0 ? (double)residentBytes / capBytes.Value : 0;

        return state switch
        {
            MemoryState.Recycling => (state, MemoryAction.Nothing),

            MemoryState.LastChance(var since) when share >= RecycleAt => now - since >= TimeToHelp
                ? (new MemoryState.Recycling(), MemoryAction.Recycle)
                : (state, MemoryAction.Nothing),
            _ when share >= RecycleAt => (new MemoryState.LastChance(now), MemoryAction.Trim),

            MemoryState.LastChance(var since) when share >= TrimAt => (new MemoryState.Trimmed(since), MemoryAction.Nothing),
            MemoryState.Trimmed(var at) when share >= TrimAt && now - at < BetweenTrims => (state, MemoryAction.Nothing),
            _ when share >= TrimAt => (new MemoryState.Trimmed(now), MemoryAction.Trim),

            MemoryState.Calm => (state, MemoryAction.Nothing),
            _ => (new MemoryState.Calm(), MemoryAction.Nothing),
        };
    }
}
