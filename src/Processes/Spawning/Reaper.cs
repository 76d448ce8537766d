using System.ComponentModel;
using System.Runtime.InteropServices;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// Collects the exit statuses of all children of this process and of all orphans re-parented to it, on one thread that lives as long as the process. Knows
/// which pids are unreaped children of ours: only those may be signalled by number.
/// </summary>
/// <remarks>
/// Constraints: the runtime does not reap orphans in a subreaper, and fails if other code reaps a process that it started. Scheme: waitid with WNOWAIT
/// returns the pid of a zombie, so the pid cannot be reused before we look it up under the lock. Order: the fork and the entry in the table happen under
/// the same lock, so a child that dies at once is already known.
/// </remarks>
internal sealed unsafe class Reaper
{
    // How long other code in this process has to reap a zombie in our session before it counts as an orphan.
    private const int ForeignZombieTimeoutMs = 1_000;
    private const int ForeignZombiePollMs = 5;

    private readonly object _lock = new();
    private readonly Dictionary<int, Child> _children = [];
    private (int Pid, long Since) _foreignZombie;

    public void Start()
    {
        if (LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "This process cannot become a child subreaper");

        new Thread(Run) { IsBackground = true, Name = "reap" }.Start();
    }

    /// <summary>Runs <paramref name="spawn"/> (which returns a pid) and registers the child under the same lock.</summary>
    public Child Spawn(Func<int> spawn, DateTimeOffset startedAt)
    {
        Child child;
        lock (_lock)
        {
            var pid = spawn();
            // The child cannot be reaped while we hold the lock: even if it is dead, the pid is still its own.
            var identity = ProcessIdentity.TryRead(pid) ?? new ProcessIdentity(pid, 0, Pidfd.BootId);
            child = new Child(identity, startedAt, this);
            _children.Add(pid, child);
            Monitor.PulseAll(_lock);
        }

        return child;
    }

    public bool IsUnreaped(int pid)
    {
        lock (_lock)
            return _children.ContainsKey(pid);
    }

    public bool TrySignal(int pid, int signal, bool wholeGroup)
    {
        lock (_lock)
        {
            if (!_children.ContainsKey(pid))
                return false;

            if ((wholeGroup ? LibC.killpg(pid, signal) : LibC.kill(pid, signal)) == 0)
                return true;

            var errno = Marshal.GetLastPInvokeError();
            // EPERM: the process now belongs to another user (sudo). We cannot signal it any more, but still get its exit.
            return errno is LibC.ESRCH or LibC.EPERM
                ? false
                : throw new Win32Exception(errno, $"Signalling {pid} with {Signals.Name(signal)} failed");
        }
    }

    private void Run()
    {
        var sigInfo = stackalloc byte[LibC.SigInfoSize];
        while (true)
        {
            if (LibC.waitid(LibC.P_ALL, 0, sigInfo, LibC.WEXITED | LibC.WNOWAIT) == 0)
                Reap(*(int*)(sigInfo + LibC.SigInfoPidOffset));
            else if (Marshal.GetLastPInvokeError() == LibC.ECHILD)
                WaitForChild();
        }
    }

    // ECHILD: without a child there is no descendant either: what a dying child leaves is re-parented to us before the child can be waited for.
    private void WaitForChild()
    {
        List<Child> lost;
        lock (_lock)
        {
            lost = [.. _children.Values.Where(child => !IsWaitable(child.Pid))];
            foreach (var child in lost)
                _children.Remove(child.Pid);
        }

        foreach (var child in lost)
            child.Complete(new ExitReason.Lost(), maxResidentBytes: 0, lastProgram: null);

        lock (_lock)
        {
            while (_children.Count == 0)
                Monitor.Wait(_lock);
        }
    }

    private void Reap(int pid)
    {
        Child? child;
        string? program;
        int status;
        var usage = stackalloc byte[LibC.RUsageSize];
        lock (_lock)
        {
            if (!_children.ContainsKey(pid) && BelongsToOtherCode(pid))
            {
                // waitid returns it before every other dead child until it is reaped; an immediate retry would spin.
                Monitor.Wait(_lock, ForeignZombiePollMs);
                return;
            }

            // A zombie has no file, memory or arguments any more, but still its name.
            program = _children.ContainsKey(pid) ? ProcFile.Name(pid) : null;

            if (LibC.wait4(pid, &status, LibC.WNOHANG, usage) != pid)
                return;

            _children.Remove(pid, out child);
        }

        child?.Complete(ExitReason.FromWaitStatus(status), *(long*)(usage + LibC.RUsageMaxRssOffset) * 1024, program);
    }

    // Each of our children leads its own session, so orphans are never in ours. Other code in this process started a zombie in our session
    // (System.Diagnostics.Process aborts the process if its child is reaped elsewhere), so leave it to that code for a while.
    private bool BelongsToOtherCode(int pid)
    {
        if (LibC.getsid(pid) != LibC.getsid(0))
            return false;

        if (_foreignZombie.Pid != pid)
            _foreignZombie = (pid, Environment.TickCount64);
        return Environment.TickCount64 - _foreignZombie.Since <= ForeignZombieTimeoutMs;
    }

    private static bool IsWaitable(int pid)
    {
        var sigInfo = stackalloc byte[LibC.SigInfoSize];
        return LibC.waitid(LibC.P_PID, pid, sigInfo, LibC.WEXITED | LibC.WNOWAIT | LibC.WNOHANG) == 0;
    }
}
