namespace Supervisor.Tree.Harness;

/// <summary>Stops a process with SIGSTOP; disposing continues it.</summary>
internal sealed class StoppedProcess : IDisposable
{
    private readonly int _pid;

    public StoppedProcess(int pid)
    {
        _pid = pid;
        Kill.Send(pid, "STOP");
    }

    public void Dispose() => Kill.Send(_pid, "CONT");
}
