namespace Supervisor.Host.Running;

/// <summary>
/// Everything that has been begun and not awaited on the spot: it is awaited here at the end. What is begun reports its expected failures itself;
/// an exception that comes out of it is a bug, and ends the process through <see cref="Broken"/>. Thread-safe.
/// </summary>
internal sealed class Undertakings
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _open = [];
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails with the first exception that escaped; never completes otherwise.</summary>
    public Task Broken => _broken.Task;

    public void Begin(Func<Task> work)
    {
        // Off the caller's thread: what is begun may read /proc or spawn before its first await, and the loop must not wait for it.
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = RunAsync(work, start.Task);

        lock (_lock)
        {
            _open.RemoveWhere(done => done.IsCompleted);
            _open.Add(task);
        }

        start.SetResult();
    }

    /// <summary>Completes when nothing is under way any more.</summary>
    public Task EndAsync()
    {
        lock (_lock)
            return Task.WhenAll(_open);
    }

    private async Task RunAsync(Func<Task> work, Task start)
    {
        try
        {
            await start;
            await work();
        }
#pragma warning disable CA1031 // Whatever it is, it is a bug, and the process ends with it.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _broken.TrySetException(bug);
        }
    }
}
