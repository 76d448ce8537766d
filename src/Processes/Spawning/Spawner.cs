using System.Collections.Concurrent;

namespace Supervisor.Processes;

/// <summary>The one immortal thread that every child of this process is forked from.</summary>
internal sealed class Spawner
{
    public static readonly Spawner Shared = new();

    private readonly Reaper _reaper = new();

    // Full cannot happen: a caller waits for its own spawn, so there are never more entries than threads.
    private readonly BlockingCollection<Action> _orders = [];
    private readonly Lazy<Thread> _thread;

    private Spawner() => _thread = new Lazy<Thread>(Start);

    public void EnsureRunning() => _ = _thread.Value;

    public Child Spawn(SpawnRequest request, TimeProvider time)
    {
        var plan = SpawnPlan.For(request);
        var spawned = new TaskCompletionSource<Child>(TaskCreationOptions.RunContinuationsAsynchronously);
        EnsureRunning();
        _orders.Add(() => Execute(plan, time.GetUtcNow(), spawned));

        // Blocking on purpose: a spawn takes a millisecond, and its caller has nothing to do before it knows the child.
        var child = spawned.Task.GetAwaiter().GetResult();
        request.Scope?.Attach(child);
        return child;
    }

    /// <summary>We spawned it and have not reaped it yet.</summary>
    public bool Knows(int pid) => _reaper.Knows(pid);

    private Thread Start()
    {
        _reaper.Start();
        var thread = new Thread(Run) { IsBackground = true, Name = "spawn" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        foreach (var order in _orders.GetConsumingEnumerable())
            order();
    }

    private void Execute(SpawnPlan plan, DateTimeOffset startedAt, TaskCompletionSource<Child> spawned)
    {
        try
        {
            spawned.SetResult(_reaper.Adopt(() => PosixSpawn.Run(plan), startedAt));
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the caller, who waits for it; this thread must not die of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            spawned.SetException(failure);
        }
    }
}
