namespace Supervisor.Stress.Running;

/// <summary>Tasks that run in parallel with the loop that starts them, at most a given number at a time. A failure is thrown at the next start.</summary>
internal sealed class BackgroundTasks(int maximum) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(maximum, maximum);
    private readonly List<Task> _open = [];

    /// <summary>Waits for a free slot, then starts the task. Called by one thread.</summary>
    public async Task BeginAsync(Func<Task> work, CancellationToken stopping)
    {
        await _slots.WaitAsync(stopping);
        _open.RemoveAll(task => task.IsCompletedSuccessfully);
        if (_open.Find(task => task.IsFaulted) is { } failed)
            await failed;
        _open.Add(RunAsync(work, stopping));
    }

    /// <summary>Returns when all have ended; throws the first failure.</summary>
    public Task EndAsync() => Task.WhenAll(_open);

    public void Dispose() => _slots.Dispose();

    private async Task RunAsync(Func<Task> work, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was cancelled while it waited for its locks: nothing was changed.
        }
        finally
        {
            _slots.Release();
        }
    }
}
