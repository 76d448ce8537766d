using System.Collections.Concurrent;

namespace Supervisor.Tree.Harness;

/// <summary>
/// Starts what must not outlive us: the kernel kills such a process (PR_SET_PDEATHSIG) with the thread that forked it, not with the process, and the
/// pool's threads come and go. This one stays.
/// </summary>
internal static class SpawningThread
{
    // Full means 64 tests that start a process within a millisecond: they wait.
    private static readonly BlockingCollection<Action> Orders = new(boundedCapacity: 64);

    static SpawningThread() => new Thread(Run) { IsBackground = true, Name = "spawning" }.Start();

    public static Task<T> RunAsync<T>(Func<T> spawn)
    {
        var spawned = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Orders.Add(() =>
        {
            try
            {
                spawned.SetResult(spawn());
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                spawned.SetException(failure);
            }
        });
        return spawned.Task;
    }

    private static void Run()
    {
        foreach (var order in Orders.GetConsumingEnumerable())
            order();
    }
}
