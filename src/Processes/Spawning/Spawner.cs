using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Supervisor.Processes;

/// <summary>The one immortal thread that every child of this process is forked from.</summary>
internal sealed class Spawner
{
    public static readonly Spawner Shared = new();

    private readonly Reaper _reaper = new();

    // Full cannot happen: a caller waits for its own spawn, so there are never more entries than threads.
    private readonly BlockingCollection<Order> _orders = [];
    private readonly Lazy<Thread> _thread;

    private Spawner() => _thread = new Lazy<Thread>(Start);

    public void EnsureRunning() => _ = _thread.Value;

    public Child Spawn(SpawnRequest request, TimeProvider time)
    {
        var plan = SpawnPlan.For(request);
        using var order = new Order(() => _reaper.Adopt(() => PosixSpawn.Run(plan), time.GetUtcNow()));
        EnsureRunning();
        _orders.Add(order);
        var child = order.Wait();
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
            order.Execute();
    }

    private sealed class Order(Func<Child> spawn) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private Child? _child;
        private ExceptionDispatchInfo? _failure;

        public void Execute()
        {
            try
            {
                _child = spawn();
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to the caller, who waits for it; this thread must not die of it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _done.Set();
        }

        public Child Wait()
        {
            _done.Wait();
            _failure?.Throw();
            return _child!;
        }

        public void Dispose() => _done.Dispose();
    }
}
