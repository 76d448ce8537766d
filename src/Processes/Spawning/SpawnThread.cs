using System.Collections.Concurrent;

namespace Supervisor.Processes;

/// <summary>The one thread that forks all children of this process. It never ends.</summary>
internal sealed class SpawnThread
{
    public static readonly SpawnThread Shared = new();

    private readonly Reaper _reaper = new();

    // Needs no bound: each caller waits for its own spawn, so there are never more entries than threads.
    private readonly BlockingCollection<Action> _spawns = [];
    private readonly Lazy<Thread> _thread;

    private SpawnThread() => _thread = new Lazy<Thread>(Start);

    public void EnsureRunning() => _ = _thread.Value;

    public Child Spawn(SpawnRequest request, TimeProvider time)
    {
        var plan = SpawnPlan.For(request);
        var spawned = new TaskCompletionSource<Child>(TaskCreationOptions.RunContinuationsAsynchronously);
        EnsureRunning();
        _spawns.Add(() => Execute(plan, time.GetUtcNow(), spawned));

        // Blocks on purpose: a spawn takes a millisecond, and the caller needs the child first.
        var child = spawned.Task.GetAwaiter().GetResult();
        request.Scope?.Attach(child);
        return child;
    }

    /// <summary>We spawned it and have not reaped it yet.</summary>
    public bool IsUnreaped(int pid) => _reaper.IsUnreaped(pid);

    private Thread Start()
    {
        _reaper.Start();
        var thread = new Thread(Run) { IsBackground = true, Name = "spawn" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        foreach (var spawn in _spawns.GetConsumingEnumerable())
            spawn();
    }

    private void Execute(SpawnPlan plan, DateTimeOffset startedAt, TaskCompletionSource<Child> spawned)
    {
        try
        {
            spawned.SetResult(_reaper.Spawn(() => PosixSpawn.Run(plan), startedAt));
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the caller, who waits for it; this thread must not die of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            spawned.SetException(failure);
        }
    }
}
