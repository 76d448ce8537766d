using System.Diagnostics.CodeAnalysis;
using Supervisor.Host.StateMachine;

namespace Supervisor.Host.Running;

/// <summary>Runs one numbered command of a kind at a time; the next starts after the superseded one is gone. Only the loop calls it.</summary>
/// <param name="run">Returns its outcome. Cancelled: the outcome is not needed any more.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing that must be freed.")]
internal sealed class CommandSequence(
    Func<int, int?, CancellationToken, Task<HostEvent>> run, BackgroundTasks backgroundTasks, Func<HostEvent, Task> post)
{
    private int _number;
    private CancellationTokenSource _superseded = new();
    private Task _last = Task.CompletedTask;

    public void Begin(int number, int? port)
    {
        var (before, ended) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _number = number;
        _superseded = new CancellationTokenSource();
        _last = ended.Task;
        var superseded = _superseded.Token;

        backgroundTasks.Start(async () =>
        {
            await before;

            try
            {
                await post(await run(number, port, superseded));
            }
            catch (OperationCanceledException) when (superseded.IsCancellationRequested)
            {
                // The result is not needed any more.
            }
            finally
            {
                ended.SetResult();
            }
        });
    }

    public void Cancel(int number)
    {
        if (number == _number)
            _superseded.Cancel();
    }
}
