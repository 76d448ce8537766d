using System.Collections.Concurrent;

namespace Supervisor.Tree.Harness;

/// <summary>
/// Starts processes that must not outlive the test run: the kernel kills such a process (PR_SET_PDEATHSIG) when the thread that forked it ends, not the
/// process, and pool threads end at any time. This thread does not.
/// </summary>
internal static class SpawningThread
{
    // Full means 64 tests that start a process within a millisecond: they wait.
    private static readonly BlockingCollection<Action> Requests = new(boundedCapacity: 64);

    static SpawningThread() => new Thread(Run) { IsBackground = true, Name = "spawning" }.Start();

    public static Task<T> RunAsync<T>(Func<T> spawn)
    {
        var spawned = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
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
        foreach (var request in Requests.GetConsumingEnumerable())
            request();
    }
}
