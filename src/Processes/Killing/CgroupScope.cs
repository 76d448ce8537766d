namespace Supervisor.Processes;

/// <summary>The common part of both cgroup scopes: no action of a process removes it from its cgroup. They differ in how they kill.</summary>
internal abstract class CgroupScope(string rung, CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : ProcessScope(rung, folder.Path, tag, leaders)
{
    private static readonly TimeSpan MinPollPeriod = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPollPeriod = TimeSpan.FromMilliseconds(20);

    private protected CgroupFolder Folder { get; } = folder;

    public override IReadOnlyList<string> ProcsFiles => [Folder.ProcsFile];

    public override IReadOnlyList<int> Members() => [.. Folder.Processes().Union(LeaderTreesOutside())];

    public override bool IsConfined(int pid) => Folder.Processes().Contains(pid);

    public override async Task<bool> KillAsync(TimeSpan within, TimeProvider time)
    {
        var since = time.GetTimestamp();
        for (var pause = MinPollPeriod; ; pause = pause * 2 < MaxPollPeriod ? pause * 2 : MaxPollPeriod)
        {
            KillMembers();
            var left = within - time.GetElapsedTime(since);
            if (TaggedOutside().Count > 0)
                await TreeKiller.KillAsync(TaggedOutside, left > TimeSpan.Zero ? left : TimeSpan.Zero, time).ConfigureAwait(false);

            if (IsEmpty())
                return true;
            if (time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(pause, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public override bool Remove() => Folder.Remove();

    /// <summary>One attempt to kill all present members of the cgroup.</summary>
    private protected abstract void KillMembers();

    // Runs once per attempt to kill, not once per poll, because it reads the environment of every process. Finds what a server left outside the cgroup
    // when its confinement failed and its main process is already dead.
    private IReadOnlyList<int> TaggedOutside()
    {
        // This order matters: a process that is born inside meanwhile is then known to be inside.
        var tagged = ProcessWalk.TaggedTrees(Tag);
        tagged.ExceptWith(Folder.Processes());
        return [.. tagged.Union(LeaderTreesOutside())];
    }

    // A leader outside the cgroup: it has not entered yet (a kill within its first millisecond), or its confinement failed. An empty cgroup would then
    // prove nothing.
    private protected HashSet<int> LeaderTreesOutside()
    {
        var living = Leaders.Where(leader => leader.IsAlive).ToList();
        if (living.Count == 0)
            return [];

        var inside = Folder.Processes().ToHashSet();
        return ProcessWalk.LivingTrees(living.Where(leader => !inside.Contains(leader.Pid)));
    }
}
