using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Supervisor.Tree.Harness;

/// <summary>Attaches to a process as a debugger does; disposing detaches. The process is not stopped, and needs no handling of its stops.</summary>
internal sealed partial class Tracer : IDisposable
{
    private const int PTRACE_SEIZE = 0x4206;

    // The kernel detaches when the thread that has attached ends.
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _done = new();

    public Tracer(int pid)
    {
        using var attached = new ManualResetEventSlim();
        var error = 0;
        _thread = new Thread(() =>
        {
            error = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
            attached.Set();
            _done.Wait();
        });
        _thread.Start();
        attached.Wait();

        if (error == 0)
            return;

        Dispose();
        throw new Win32Exception(error, $"ptrace({pid}): {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public void Dispose()
    {
        _done.Set();
        _thread.Join();
        _done.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long ptrace(long request, int pid, nint address, nint data);
}
