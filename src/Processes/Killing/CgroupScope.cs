namespace Supervisor.Processes;

/// <summary>
/// A cgroup holds the tree together: nothing a process does takes it out. What the two kinds share; they differ in how they strike.
/// </summary>
internal abstract class CgroupScope(string rung, CgroupFolder folder, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    : ProcessScope(rung, folder.Path, tag, leaders)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private protected CgroupFolder Folder { get; } = folder;

    public override IReadOnlyList<string> ProcsFiles => [Folder.ProcsFile];

    public override IReadOnlyList<int> Members() => [.. Folder.Processes().Union(Outsiders())];

    public override bool IsConfined(int pid) => Folder.Processes().Contains(pid);

    public override async Task<bool> KillAsync(TimeSpan within, TimeProvider time)
    {
        var since = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            Strike();
            var left = within - time.GetElapsedTime(since);
            if (Strays().Count > 0)
                await Sweep.KillAsync(Strays, left > TimeSpan.Zero ? left : TimeSpan.Zero, time).ConfigureAwait(false);

            if (IsEmpty())
                return true;
            if (time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(pause, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public override bool Remove() => Folder.Remove();

    /// <summary>One attempt to kill all that the cgroup holds now.</summary>
    private protected abstract void Strike();

    // Once for each attempt to kill, not for each look: this reads the environment of every process. Finds what a server left outside
    // when its confinement had failed and its main process is dead already.
    private IReadOnlyList<int> Strays()
    {
        // In this order: whoever was born inside meanwhile is then known to be inside.
        var tagged = ProcessWalk.Everywhere(Tag);
        tagged.ExceptWith(Folder.Processes());
        return [.. tagged.Union(Outsiders())];
    }

    // A leader that lives outside: it has not entered yet (a kill within its first millisecond), or its confinement failed. An empty cgroup
    // would then prove nothing.
    private protected HashSet<int> Outsiders()
    {
        var living = Leaders.Where(leader => leader.IsAlive).ToList();
        if (living.Count == 0)
            return [];

        var inside = Folder.Processes().ToHashSet();
        return ProcessWalk.Below(living.Where(leader => !inside.Contains(leader.Pid)));
    }
}
