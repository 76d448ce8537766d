using System.Diagnostics;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// A tree that a terminal owns: shows the output of every service and its changes of state, and stops the tree when the terminal asks for it. One
/// loop handles boards, interrupts and the end of the link; the run ends with the parent.
/// </summary>
internal sealed class ForegroundRun(TreeLocation location, ControlLink link, Process parent, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly OutputPump _pump = new(screen.Out);
    private readonly LineFormat _format = new(link.Services, new Palette(screen.Coloured));
    private readonly Palette _palette = new(screen.Coloured);
    private readonly List<Task> _stops = [];

    private StatusReport _board = link.InitialStatus;
    private StopStage _stage;
    private string? _waitingFor;

    /// <param name="services">The services to start; empty: the parent starts those with autostart.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> services, Log log)
    {
        using var interrupts = new InterruptSignals();
        using var ending = new CancellationTokenSource();
        var pumping = _pump.RunAsync();

        ShowHeader();
        Task[] tasks = [.. link.Services.Select(s => FollowAsync(s, ending.Token)), .. Begin(services, ending.Token)];

        await RunUntilEndAsync(interrupts, log);

        await ending.CancelAsync();
        await Task.WhenAll([.. tasks, .. _stops]);
        var exitCode = await FinishAsync(log);

        _pump.Complete();
        await Task.WhenAny(pumping, Task.Delay(FlushTimeout, time, CancellationToken.None));
        return exitCode;
    }

    private async Task RunUntilEndAsync(InterruptSignals interrupts, Log log)
    {
        var board = link.Boards.WaitToReadAsync().AsTask();
        var interrupt = interrupts.Arrived.ReadAsync().AsTask();

        while (_stage != StopStage.Abandon)
        {
            await Task.WhenAny(board, interrupt, link.Ended);

            if (interrupt.IsCompletedSuccessfully)
            {
                OnInterrupt(log);
                interrupt = interrupts.Arrived.ReadAsync().AsTask();
            }

            while (link.Boards.TryRead(out var newest))
                OnBoard(newest);

            if (link.Ended.IsCompleted)
                return;

            if (board.IsCompleted)
                board = link.Boards.WaitToReadAsync().AsTask();
        }
    }

    private void OnInterrupt(Log log)
    {
        _stage = _stage == StopStage.None ? StopStage.Graceful : _stage == StopStage.Graceful ? StopStage.Now : StopStage.Abandon;
        log.StopAsked(_stage);

        if (_stage == StopStage.Abandon)
            return;

        Print(_stage == StopStage.Graceful ? "stopping; press Ctrl-C again to kill at once" : "killing the processes that are left");
        _stops.Add(StopAsync(now: _stage == StopStage.Now));
        PrintWaitingFor();
    }

    private void OnBoard(StatusReport board)
    {
        // While the tree stops, the watcher exits and dependants wait for services that will not start: not worth reporting.
        foreach (var item in _stage == StopStage.None ? BoardChanges.Between(_board, board) : [])
            _pump.TryAdd(_format.Message(item.About, Coloured(item)));

        _board = board;
        PrintWaitingFor();
    }

    private void PrintWaitingFor()
    {
        var waitingFor = _stage == StopStage.None ? null : BoardChanges.StillWaitingFor(_board);

        if (waitingFor is not null && waitingFor != _waitingFor)
            Print(waitingFor);

        _waitingFor = waitingFor;
    }

    private async Task StopAsync(bool now)
    {
        try
        {
            var outcomes = await link.AskAsync((control, token) => control.StopAsync(services: null, now, token), CancellationToken.None);

            foreach (var failed in outcomes.Services.Where(o => !o.Succeeded))
                _pump.TryAdd(_format.Message(failed.Service, _palette.Bad(failed.Message)));
        }
        catch (CommandFailure)
        {
            // The parent ended before it answered, or refused because it is already stopping. The end of the link follows.
        }
    }

    private IEnumerable<Task> Begin(IReadOnlyList<string> services, CancellationToken stopping) =>
        services.Count == 0 ? [] : [StartAsync(services, stopping)];

    private async Task StartAsync(IReadOnlyList<string> services, CancellationToken stopping)
    {
        try
        {
            await link.AskAsync((control, token) => control.StartAsync(services, token), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run ended first; the boards have shown the outcome.
        }
        catch (CommandFailure e)
        {
            Print(_palette.Bad(e.Message));
        }
    }

    private async Task FollowAsync(string service, CancellationToken stopping)
    {
        var output = new HostOutput(link, service, time);

        // An earlier viewer has shown the earlier output of an adopted server.
        if (_board.Services.Any(s => s.Name == service && s.Pid is not null))
            output.SkipUntil(_board.Tree.StartedAt);

        try
        {
            var view = new OutputView(service, _format, selection: null, text => _pump.AddAsync(text, stopping));
            await output.FollowAsync(view, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private void ShowHeader()
    {
        Print($"{location.ConfigPath} (parent pid {_board.Tree.ParentPid}); Ctrl-C stops everything");

        foreach (var adopted in _board.Services.Where(s => s.Pid is not null))
            _pump.TryAdd(_format.Message(adopted.Name, _palette.Good($"adopted without a restart (pid {adopted.Pid}, generation {adopted.Generation})")));
    }

    private async Task<ExitCode> FinishAsync(Log log)
    {
        if (_stage == StopStage.Abandon)
        {
            Print(_palette.Bad($"detached while stopping; the parent (pid {_board.Tree.ParentPid}) continues to stop the tree, see \"supervisor status\""));
            return ExitCode.Failed;
        }

        await ParentExit.WaitAsync(parent, time, CancellationToken.None);

        // A parent that stops removes its pipe; one that was killed cannot.
        if (_stage != StopStage.None || !File.Exists(location.Runtime.ControlSocket))
        {
            Print("stopped");
            return ExitCode.Ok;
        }

        log.ParentLost(_board.Tree.ParentPid);
        Print(_palette.Bad("the parent died; the servers keep running. \"supervisor start\" adopts them without a restart"));
        return ExitCode.Failed;
    }

    private void Print(string text) => _pump.TryAdd(_format.Message(LineFormat.OwnName, text));

    private string Coloured(BoardChanges.Item item) => item.Severity switch
    {
        BoardChanges.Severity.Warning => _palette.Warning(item.Text),
        BoardChanges.Severity.Bad => _palette.Bad(item.Text),
        _ => _palette.Faint(item.Text),
    };
}
