namespace Supervisor.Stress.Running;

/// <summary>Work that was begun beside the loop that began it, at most so much at a time. A failure stops the next beginning.</summary>
internal sealed class BackgroundTasks(int atOnce) : IDisposable
{
    private readonly SemaphoreSlim _places = new(atOnce, atOnce);
    private readonly List<Task> _open = [];

    /// <summary>Waits for a place, then begins. Called by one thread.</summary>
    public async Task BeginAsync(Func<Task> work, CancellationToken stopping)
    {
        await _places.WaitAsync(stopping);
        _open.RemoveAll(task => task.IsCompletedSuccessfully);
        if (_open.Find(task => task.IsFaulted) is { } failed)
            await failed;
        _open.Add(RunAsync(work, stopping));
    }

    /// <summary>Returns when all has ended; throws what the first failure threw.</summary>
    public Task EndAsync() => Task.WhenAll(_open);

    public void Dispose() => _places.Dispose();

    private async Task RunAsync(Func<Task> work, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was still waiting for its turn: nothing was touched.
        }
        finally
        {
            _places.Release();
        }
    }
}
