namespace Supervisor.Stress.Running;

/// <summary>Named locks: one job at a time in a service's folder, one fault at a time on one victim. Thread-safe.</summary>
internal sealed class NamedLocks(IEnumerable<string> names) : IDisposable
{
    private readonly Dictionary<string, SemaphoreSlim> _locks = names.ToDictionary(name => name, _ => new SemaphoreSlim(1, 1), StringComparer.Ordinal);

    /// <summary>Waits for all of them. Everyone acquires them in the same order, so no deadlock is possible.</summary>
    public async Task<IDisposable> AcquireAsync(IEnumerable<string> requested, CancellationToken stopping)
    {
        var acquired = new AcquiredLocks();
        try
        {
            foreach (var name in requested.Order(StringComparer.Ordinal))
            {
                await _locks[name].WaitAsync(stopping);
                acquired.Add(_locks[name]);
            }

            return acquired;
        }
        catch (OperationCanceledException)
        {
            acquired.Dispose();
            throw;
        }
    }

    /// <summary>All of them, or null when one is held.</summary>
    public IDisposable? TryAcquire(IEnumerable<string> requested)
    {
        var acquired = new AcquiredLocks();
        foreach (var name in requested.Order(StringComparer.Ordinal))
        {
            if (!_locks[name].Wait(0, CancellationToken.None))
            {
                acquired.Dispose();
                return null;
            }

            acquired.Add(_locks[name]);
        }

        return acquired;
    }

    public void Dispose()
    {
        foreach (var gate in _locks.Values)
            gate.Dispose();
    }

    private sealed class AcquiredLocks : IDisposable
    {
        private readonly Stack<SemaphoreSlim> _locks = new();

        public void Add(SemaphoreSlim gate) => _locks.Push(gate);

        public void Dispose()
        {
            while (_locks.TryPop(out var gate))
                gate.Release();
        }
    }
}
