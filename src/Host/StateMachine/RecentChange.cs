namespace Supervisor.Host.StateMachine;

/// <summary>The newest changed files, to be named if the server ends soon after. Changes in quick succession are one.</summary>
/// <param name="Files">As shown to users.</param>
internal sealed record RecentChange(IReadOnlyList<string> Files, Timestamp At)
{
    /// <summary>A change that is older did hardly cause the end of a server.</summary>
    public static readonly TimeSpan Relevance = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static RecentChange Merge(RecentChange? earlier, IReadOnlyList<string> files, Timestamp now) =>
        new(PendingReload.Union(earlier is not null && now.Monotonic - earlier.At.Monotonic <= Pause ? earlier.Files : [], files), now);

    public bool IsRelevantAt(TimeSpan now) => now - At.Monotonic <= Relevance;
}
