namespace Supervisor.Processes;

/// <summary>
/// A process and everything it started, wherever that has gone: what is stopped and killed as a whole. Made by a <see cref="KillLadder"/>,
/// filled by <see cref="SpawnRequest.Scope"/>. Owned by whoever owns the server. Thread-safe; holds no descriptor.
/// </summary>
public abstract class ProcessScope
{
    /// <summary>Marks every process of a scope in its environment, so that it is found again even where no cgroup holds it.</summary>
    public const string TagVariable = "SUPERVISOR_TAG";

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(20);

    private volatile IReadOnlyList<ProcessIdentity> _leaders;

    private protected ProcessScope(string rung, string? path, string? tag, IReadOnlyList<ProcessIdentity> leaders)
    {
        Rung = rung;
        Path = path;
        Tag = tag;
        _leaders = leaders;
    }

    /// <summary>cgroup2, freezer, walk or group.</summary>
    public string Rung { get; }

    /// <summary>The cgroup's folder; null on the rungs without one.</summary>
    public string? Path { get; }

    public string? Tag { get; }

    /// <summary>What a process writes its pid to in order to belong; a spawn with this scope does it by itself.</summary>
    public virtual IReadOnlyList<string> ProcsFiles => [];

    /// <summary>The processes that were spawned into this scope, dead ones too.</summary>
    private protected IReadOnlyList<ProcessIdentity> Leaders => _leaders;

    /// <summary>Living members now (a zombie is none). Without a cgroup this reads all of /proc: some milliseconds.</summary>
    public abstract IReadOnlyList<int> Members();

    /// <summary>Kills everything. true: proven empty; false: time is up, and <see cref="Members"/> names the survivors.</summary>
    /// <param name="within">How long to go on trying. At least one try is made.</param>
    public abstract Task<bool> KillAsync(TimeSpan within, TimeProvider time);

    /// <summary>Takes away what the scope left in the system (its cgroup). false: it is not empty. Harmless twice.</summary>
    public virtual bool Remove() => true;

    public bool Holds(int pid) => Members().Contains(pid);

    /// <summary>The kernel holds it: no runaway of it can get lost. false on the rungs without a cgroup, and where a confinement failed.</summary>
    public virtual bool IsConfined(int pid) => false;

    /// <summary>Signals every present member; members that come while this runs may be missed.</summary>
    public void Signal(int signal)
    {
        foreach (var member in Sighting.Of(Members()))
            member.TrySignal(signal);
    }

    /// <summary>true: it became empty; false: time was up, or waiting was cancelled.</summary>
    public async Task<bool> WaitEmptyAsync(TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            if (IsEmpty())
                return true;
            if (cancellationToken.IsCancellationRequested || time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Nothing living belongs to it.</summary>
    public virtual bool IsEmpty() => Members().Count == 0;

    internal void Attach(Child leader) => _leaders = [.. _leaders.Where(known => known.IsAlive), leader.Identity];
}
