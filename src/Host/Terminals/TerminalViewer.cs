using Supervisor.Processes;

namespace Supervisor.Host.Terminals;

/// <summary>One terminal that is connected with that of the service. Not thread-safe: <see cref="ServiceTerminal"/> owns it.</summary>
/// <param name="wantsToType">Otherwise it only ever looks.</param>
internal sealed class TerminalViewer(int pid, bool wantsToType, WindowSize window)
{
    public int Pid => pid;

    public bool WantsToType => wantsToType;

    public WindowSize Window { get; set; } = window;

    /// <summary>In the history: what it has been sent.</summary>
    public long Position { get; set; }

    /// <summary>What it has been told: whether it types, and the process id of the viewer who does, 0 for nobody. null: nothing yet.</summary>
    public (bool Types, int Typist)? ToldRole { get; set; }

    public bool IsToldEnd { get; set; }
}
