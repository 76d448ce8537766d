namespace Supervisor.Watcher.Memory;

/// <summary>
/// Gives everything unused back to the system. Stops the process for tens of milliseconds: only as <see cref="MemoryLadder"/> or the parent
/// asks.
/// </summary>
public static class MemoryTrim
{
    public static void Run() => GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
