namespace Supervisor.Processes;

/// <summary>
/// A process and all processes that it started: the unit that is stopped and killed. Created by a <see cref="KillLadder"/>, filled by <see
/// cref="SpawnRequest.Scope"/>. The owner of the server owns it. Thread-safe; holds no descriptor.
/// </summary>
public abstract class ProcessScope
{
    /// <summary>Tags every process of a scope in its environment, so that it can be found outside the cgroup too.</summary>
    public const string TagVariable = "SUPERVISOR_TAG";

    private static readonly TimeSpan MinPollPeriod = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPollPeriod = TimeSpan.FromMilliseconds(20);

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

    /// <summary>The files to which a process writes its pid to enter the scope; a spawn with this scope does that.</summary>
    public virtual IReadOnlyList<string> ProcsFiles => [];

    /// <summary>The processes that were spawned into this scope, including dead ones.</summary>
    private protected IReadOnlyList<ProcessIdentity> Leaders => _leaders;

    /// <summary>The living members; zombies do not count. Without a cgroup this reads all of /proc: some milliseconds.</summary>
    public abstract IReadOnlyList<int> Members();

    /// <summary>Kills all members. true: proven empty; false: the time is up, and <see cref="Members"/> are the survivors.</summary>
    /// <param name="within">How long to go on trying. At least one attempt is made.</param>
    public abstract Task<bool> KillAsync(TimeSpan within, TimeProvider time);

    /// <summary>Removes the scope's cgroup. false: it is not empty. May be called twice.</summary>
    public virtual bool Remove() => true;

    public bool Holds(int pid) => Members().Contains(pid);

    /// <summary>
    /// Whether the kernel holds the process in the scope, so that none of its descendants can escape. false on the rungs without a cgroup, and where the
    /// confinement failed.
    /// </summary>
    public virtual bool IsConfined(int pid) => false;

    /// <summary>Signals every present member; may miss members that appear during the call.</summary>
    public void Signal(int signal)
    {
        foreach (var member in ObservedProcess.Living(Members()))
            member.TrySignal(signal);
    }

    /// <summary>
    /// Signals the server of a shell that stays above it: see <see cref="SignalTargets.Choose"/>. false: no process got the signal. As expensive as <see cref="Members"/>.
    /// </summary>
    public bool SignalUnderShell(Child shell, int signal)
    {
        var members = ObservedProcess.Living(Members()).ToDictionary(member => member.Pid);
        var tree = members.Keys.Select(pid => SignalReceiver.TryRead(pid, signal)).OfType<SignalReceiver>().ToArray();
        var signalled = SignalTargets.Choose(shell.Pid, tree).Count(pid => members[pid].TrySignal(signal));
        return signalled > 0;
    }

    /// <summary>true: it is empty; false: the time is up, or waiting was cancelled.</summary>
    public async Task<bool> WaitEmptyAsync(TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var pause = MinPollPeriod; ; pause = pause * 2 < MaxPollPeriod ? pause * 2 : MaxPollPeriod)
        {
            if (IsEmpty())
                return true;
            if (cancellationToken.IsCancellationRequested || time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>No living process belongs to it.</summary>
    public virtual bool IsEmpty() => Members().Count == 0;

    internal void Attach(Child leader) => _leaders = [.. _leaders.Where(known => known.IsAlive), leader.Identity];
}
