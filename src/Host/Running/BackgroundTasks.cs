namespace Supervisor.Host.Running;

/// <summary>
/// Owns all tasks that are started and not awaited at once; the host awaits them at its end. A task reports its expected failures itself. An exception
/// that escapes is a bug and ends the process through <see cref="Failed"/>. Thread-safe.
/// </summary>
internal sealed class BackgroundTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _open = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faults with the first exception that escapes; never completes otherwise.</summary>
    public Task Failed => _failed.Task;

    public void Start(Func<Task> work)
    {
        // Off the caller's thread: the work may read /proc or spawn before its first await, and the loop must not wait for it.
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = RunAsync(work, start.Task);

        lock (_lock)
        {
            _open.RemoveWhere(done => done.IsCompleted);
            _open.Add(task);
        }

        start.SetResult();
    }

    /// <summary>Completes when all tasks have ended.</summary>
    public Task WhenAllAsync()
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
            _failed.TrySetException(bug);
        }
    }
}
