using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Running;

/// <summary>Runs a task of a running tree to its end and shows what the tree prints meanwhile. An interrupt leaves the task running.</summary>
internal sealed class TaskRun(ControlLink link, Screen screen, ViewOptions options, string task, TimeProvider time)
{
    /// <returns>The exit code of the task; 5: it could not start.</returns>
    public async Task<int> RunAsync()
    {
        using var interrupts = new InterruptSignals(screen.Reader);
        await using var view = new TreeView(link, screen, options, since: time.GetUtcNow(), new Notices(starting: [], begun: TimeSpan.Zero), time);
        var interrupt = interrupts.Arrived.ReadAsync().AsTask();
        view.Begin();
        using var leaving = new CancellationTokenSource();
        var work = StartAndAwaitAsync(leaving.Token);
        var either = Task.WhenAny(work, interrupt);

        while (!either.IsCompleted && !link.Ended.IsCompleted)
            await view.ShowNextAsync(either);

        if (!work.IsCompleted && interrupt.IsCompleted)
        {
            await leaving.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            view.Print($"left; {task} goes on");
            return (int)ExitCode.Failed;
        }

        var (exitCode, message) = await work;
        await view.ShowEndsAsync();
        await view.EndOutputAsync();
        view.Print(exitCode == 0 ? view.Palette.Good(message) : view.Palette.Bad(message));
        return exitCode;
    }

    /// <summary>As long as the task runs; ends with the link, or when the user leaves.</summary>
    private async Task<(int ExitCode, string Message)> StartAndAwaitAsync(CancellationToken leaving)
    {
        var started = (await link.AskAsync((control, token) => control.StartAsync([task], dependencies: true, token), leaving)).Services;

        if (started.FirstOrDefault(outcome => !outcome.Succeeded) is { } refused)
            return (refused is { Status: { } status } && refused.Service == task ? RunEnd.ExitCodeOf(status) : (int)ExitCode.Unhealthy, refused.Message);

        var ended = await link.AskAsync((control, token) => control.WaitAsync([task], "completed", timeoutMs: null, token), leaving);
        return (RunEnd.ExitCodeOf(ended.Services[0]), ended.Message);
    }
}
