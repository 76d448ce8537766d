namespace Supervisor.Stress.Running;

/// <summary>Who may touch what: one job at a time in a service's folder, one fault at a time on one victim. Thread-safe.</summary>
internal sealed class Exclusive(IEnumerable<string> names) : IDisposable
{
    private readonly Dictionary<string, SemaphoreSlim> _turns = names.ToDictionary(name => name, _ => new SemaphoreSlim(1, 1), StringComparer.Ordinal);

    /// <summary>Waits for all of them. Taken in one order by everybody, so that two takers cannot wait for each other.</summary>
    public async Task<IDisposable> TakeAsync(IEnumerable<string> wanted, CancellationToken stopping)
    {
        var taken = new Taken();
        try
        {
            foreach (var name in wanted.Order(StringComparer.Ordinal))
            {
                await _turns[name].WaitAsync(stopping);
                taken.Add(_turns[name]);
            }

            return taken;
        }
        catch (OperationCanceledException)
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>All of them, or null where one is taken just now.</summary>
    public IDisposable? TryTake(IEnumerable<string> wanted)
    {
        var taken = new Taken();
        foreach (var name in wanted.Order(StringComparer.Ordinal))
        {
            if (!_turns[name].Wait(0, CancellationToken.None))
            {
                taken.Dispose();
                return null;
            }

            taken.Add(_turns[name]);
        }

        return taken;
    }

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
            turn.Dispose();
    }

    private sealed class Taken : IDisposable
    {
        private readonly Stack<SemaphoreSlim> _turns = new();

        public void Add(SemaphoreSlim turn) => _turns.Push(turn);

        public void Dispose()
        {
            while (_turns.TryPop(out var turn))
                turn.Release();
        }
    }
}
