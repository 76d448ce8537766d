using System.ComponentModel;
using System.Runtime.InteropServices;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// Collects the exit status of every child of this process and of every orphan that came to it, on one thread that lives as long as the
/// process. Knows which pids are ours and not yet reaped: those, and only those, may be signalled by number.
/// </summary>
/// <remarks>
/// Constraints: the runtime neither reaps orphans in a subreaper nor survives somebody else reaping what it started itself. Scheme:
/// waitid with WNOWAIT names the dead while it is still a zombie, so its pid cannot be reused before the table has been asked under
/// the lock. Order: fork and entry in the table happen under the same lock, so a child that dies at once is still known.
/// </remarks>
internal sealed unsafe class Reaper
{
    // What a stranger in our own session is given to be reaped by the code that started it, before it counts as an orphan.
    private const int StrangerPatienceMs = 1_000;
    private const int StrangerNapMs = 5;

    private readonly object _gate = new();
    private readonly Dictionary<int, Child> _children = [];
    private (int Pid, long Since) _stranger;

    public void Start()
    {
        if (LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "This process cannot become a child subreaper");

        new Thread(Run) { IsBackground = true, Name = "reap" }.Start();
    }

    /// <summary>Runs <paramref name="spawn"/> (which returns a pid) and knows its child from the first moment.</summary>
    public Child Adopt(Func<int> spawn, DateTimeOffset startedAt)
    {
        Child child;
        lock (_gate)
        {
            var pid = spawn();
            // It cannot be reaped while we hold the lock: even if it is dead already, the pid is still its own.
            var identity = ProcessIdentity.TryRead(pid) ?? new ProcessIdentity(pid, 0, Pidfd.BootId);
            child = new Child(identity, startedAt, this);
            _children.Add(pid, child);
            Monitor.PulseAll(_gate);
        }

        return child;
    }

    public bool Knows(int pid)
    {
        lock (_gate)
            return _children.ContainsKey(pid);
    }

    public bool TrySignal(int pid, int signal, bool wholeGroup)
    {
        lock (_gate)
        {
            if (!_children.ContainsKey(pid))
                return false;

            if ((wholeGroup ? LibC.killpg(pid, signal) : LibC.kill(pid, signal)) == 0)
                return true;

            var errno = Marshal.GetLastPInvokeError();
            // EPERM: it has become another user's (sudo). Not ours to signal any more; its end still comes to us.
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
                AwaitChild();
        }
    }

    // ECHILD: no child means no descendant either, for what a dying child leaves behind comes to us before it can be waited for.
    private void AwaitChild()
    {
        List<Child> lost;
        lock (_gate)
        {
            lost = [.. _children.Values.Where(child => !StillWaitable(child.Pid))];
            foreach (var child in lost)
                _children.Remove(child.Pid);
        }

        foreach (var child in lost)
            child.Complete(new ExitReason.Lost());

        lock (_gate)
        {
            while (_children.Count == 0)
                Monitor.Wait(_gate);
        }
    }

    private void Reap(int pid)
    {
        Child? child;
        int status;
        lock (_gate)
        {
            if (!_children.ContainsKey(pid) && IsSomebodyElses(pid))
            {
                // It stands before every other dead child until it is reaped; asking again at once would only spin.
                Monitor.Wait(_gate, StrangerNapMs);
                return;
            }

            if (LibC.waitpid(pid, &status, LibC.WNOHANG) != pid)
                return;

            _children.Remove(pid, out child);
        }

        child?.Complete(ExitReason.FromWaitStatus(status));
    }

    // Every child of ours leads a session of its own, and so orphans are never in ours. A zombie in our own session was started by other code
    // in this process (System.Diagnostics.Process aborts the process when its child is reaped under it): leave it to that code for a while.
    private bool IsSomebodyElses(int pid)
    {
        if (LibC.getsid(pid) != LibC.getsid(0))
            return false;

        if (_stranger.Pid != pid)
            _stranger = (pid, Environment.TickCount64);
        return Environment.TickCount64 - _stranger.Since <= StrangerPatienceMs;
    }

    private static bool StillWaitable(int pid)
    {
        var sigInfo = stackalloc byte[LibC.SigInfoSize];
        return LibC.waitid(LibC.P_PID, pid, sigInfo, LibC.WEXITED | LibC.WNOWAIT | LibC.WNOHANG) == 0;
    }
}
