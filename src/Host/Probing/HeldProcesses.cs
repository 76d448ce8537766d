using Supervisor.Processes;

namespace Supervisor.Host.Probing;

/// <summary>
/// Recognises that somebody holds a server on purpose: a debugger is attached to one of its processes, or a signal has stopped one. A debugger inside the
/// process (pdb, the inspector of Node.js) looks like a server that hangs.
/// </summary>
internal static class HeldProcesses
{
    public static bool Any(IEnumerable<int> pids) => pids.Any(pid => ProcessStatistics.IsTraced(pid) || ProcessStatistics.RunState(pid) is 'T' or 't');
}
