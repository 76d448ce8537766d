using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>A tree that something else owns, shown in this terminal: an interrupt ends the view and nothing else.</summary>
internal sealed class AttachedRun(TreeLocation location, ControlLink link, Screen screen, ViewOptions options, TimeProvider time)
{
    public async Task<ExitCode> RunAsync()
    {
        using var interrupts = new InterruptSignals(screen.Reader);
        await using var view = new TreeView(
            link, screen, options, since: time.GetUtcNow(), new Notices(starting: [], begun: TimeSpan.Zero), time);

        view.Begin();
        view.Print($"{location.ConfigPath} already runs (parent pid {view.Board.Tree.ParentPid}); attached: Ctrl-C leaves it running, \"supervisor stop\" stops it");

        if (await LeavesAsync(view, interrupts))
        {
            view.Print("left; the tree keeps running");
            return ExitCode.Ok;
        }

        await view.EndOutputAsync();

        if (!location.HasPipe)
        {
            view.Print("the tree has stopped");
            return ExitCode.Ok;
        }

        view.Print(view.Palette.Bad(TreeView.ParentDied));
        return ExitCode.Failed;
    }

    /// <returns>true: an interrupt arrived; false: the tree has ended.</returns>
    private async Task<bool> LeavesAsync(TreeView view, InterruptSignals interrupts)
    {
        var interrupt = interrupts.Arrived.ReadAsync().AsTask();

        while (!link.Ended.IsCompleted && !interrupt.IsCompleted)
            await view.ShowNextAsync(interrupt);

        return interrupt.IsCompleted;
    }
}
