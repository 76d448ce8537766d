using System.Diagnostics;
using System.Runtime.InteropServices;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// A tree that a terminal owns: shows the output of every service and its changes of state, and stops the tree when the terminal asks for it. One
/// loop handles boards, interrupts and the end of the link; the run ends with the parent.
/// </summary>
internal sealed class ForegroundRun(TreeLocation location, ControlLink link, Process parent, TreeView view, RunEnd end, OutputReader reader, TimeProvider time)
{
    private readonly List<Task> _stops = [];

    private StopStage _stage;
    private RunVerdict? _verdict;

    /// <param name="request">The services to start beside those that the parent starts by itself.</param>
    /// <returns>The exit code: one of <see cref="ExitCode"/>, or that of the service that decides it.</returns>
    public async Task<int> RunAsync(StartRequest request, Log log)
    {
        using var interrupts = new InterruptSignals(reader);
        using var ending = new CancellationTokenSource();

        view.Begin();
        ShowHeader();
        var starting = request.Services.Count == 0 ? Task.CompletedTask : StartAsync(request, ending.Token);

        await RunUntilEndAsync(interrupts, log);

        await ending.CancelAsync();
        await Task.WhenAll([starting, view.EndOutputAsync(), .. _stops]);
        return await FinishAsync(log);
    }

    private async Task RunUntilEndAsync(InterruptSignals interrupts, Log log)
    {
        var interrupt = interrupts.Arrived.ReadAsync().AsTask();

        while (_stage != StopStage.Abandon)
        {
            await view.ShowNextAsync(interrupt);

            if (interrupt.IsCompletedSuccessfully)
            {
                OnInterrupt(await interrupt, log);
                interrupt = interrupts.Arrived.ReadAsync().AsTask();
            }

            if (_stage == StopStage.None && end.Of(view.Board) is { } verdict)
                await OnEndAsync(verdict, log);

            if (link.Ended.IsCompleted)
                return;
        }
    }

    private async Task OnEndAsync(RunVerdict verdict, Log log)
    {
        // The board may overtake the last words of what has ended, and the hosts that have them end with the tree.
        await view.ShowEndsAsync();
        _verdict = verdict;
        _stage = StopStage.Graceful;
        log.StopAsked(_stage);
        view.BeginStop();
        view.Print($"stopping: {verdict.Why}");
        _stops.Add(StopAsync(now: false));
    }

    private void OnInterrupt(PosixSignal signal, Log log)
    {
        var asked = _stage.After(signal);

        if (asked == _stage)
            return;

        _stage = asked;
        log.StopAsked(_stage);

        if (_stage == StopStage.Abandon)
            return;

        view.BeginStop();
        view.Print(_stage == StopStage.Graceful ? "stopping; press Ctrl-C again to kill at once" : "killing the processes that are left");
        _stops.Add(StopAsync(now: _stage == StopStage.Now));
    }

    private async Task StopAsync(bool now)
    {
        try
        {
            var outcomes = await link.AskAsync((control, token) => control.StopAsync(services: null, now, token), CancellationToken.None);

            foreach (var failed in outcomes.Services.Where(o => !o.Succeeded))
                view.Print(failed.Service, view.Palette.Bad(failed.Message));
        }
        catch (CommandFailure)
        {
            // The parent ended before it answered, or refused because it is already stopping. The end of the link follows.
        }
    }

    private async Task StartAsync(StartRequest request, CancellationToken stopping)
    {
        try
        {
            await link.AskAsync((control, token) => control.StartAsync(request.Services, dependencies: !request.Alone, token), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run ended first; the boards have shown the outcome.
        }
        catch (CommandFailure) when (_stage != StopStage.None)
        {
            // The tree has stopped first.
        }
        catch (CommandFailure e)
        {
            view.Print(view.Palette.Bad(e.Message));
        }
    }

    private void ShowHeader()
    {
        view.Print($"{location.ConfigPath} (parent pid {view.Board.Tree.ParentPid}); Ctrl-C stops everything");

        foreach (var adopted in view.Board.Services.Where(s => s.Pid is not null))
            view.Print(adopted.Name, view.Palette.Good($"adopted without a restart (pid {adopted.Pid}, generation {adopted.Generation})"));
    }

    private async Task<int> FinishAsync(Log log)
    {
        if (_stage == StopStage.Abandon)
        {
            view.Print(view.Palette.Bad($"detached while stopping; the parent (pid {view.Board.Tree.ParentPid}) continues to stop the tree, see \"supervisor status\""));
            return (int)ExitCode.Failed;
        }

        await ParentExit.WaitAsync(parent, time, CancellationToken.None);

        if (_stage != StopStage.None || !location.HasPipe)
        {
            view.Print(_verdict is { } verdict ? $"stopped: {verdict.Why} (exit code {verdict.ExitCode})" : end.CodeFrom is { } service ? $"stopped before {service} had ended" : "stopped");
            return _verdict?.ExitCode ?? (int)(end.CodeFrom is null ? ExitCode.Ok : ExitCode.Failed);
        }

        log.ParentLost(view.Board.Tree.ParentPid);
        view.Print(view.Palette.Bad(TreeView.ParentDied));
        return (int)ExitCode.Failed;
    }
}
