using System.Diagnostics;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// A tree that a terminal owns: shows every service's output and what becomes of it, and stops it in order when the terminal wants that.
/// One loop takes boards, interrupts and the link's end as they come; the run is over when the parent is.
/// </summary>
internal sealed class ForegroundRun(Checkout checkout, ControlLink link, Process parent, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly OutputPump _pump = new(screen.Out);
    private readonly LineFormat _format = new(link.Services, new Palette(screen.Coloured));
    private readonly Palette _palette = new(screen.Coloured);
    private readonly List<Task> _stops = [];

    private StatusReport _board = link.First;
    private StopWish _wish;
    private string? _waitingFor;

    /// <param name="services">What to start besides nothing; empty: the parent starts what starts by itself.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> services, Log log)
    {
        using var interrupts = new Interrupts();
        using var ending = new CancellationTokenSource();
        var pumping = _pump.RunAsync();

        Welcome();
        Task[] tasks = [.. link.Services.Select(s => FollowAsync(s, ending.Token)), .. Begin(services, ending.Token)];

        await LiveAsync(interrupts, log);

        await ending.CancelAsync();
        await Task.WhenAll([.. tasks, .. _stops]);
        var exitCode = await EpilogueAsync(log);

        _pump.Complete();
        await Task.WhenAny(pumping, Task.Delay(LastWords, time, CancellationToken.None));
        return exitCode;
    }

    private async Task LiveAsync(Interrupts interrupts, Log log)
    {
        var board = link.Boards.WaitToReadAsync().AsTask();
        var interrupt = interrupts.Arrived.ReadAsync().AsTask();

        while (_wish != StopWish.Leave)
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
        _wish = _wish == StopWish.None ? StopWish.InOrder : _wish == StopWish.InOrder ? StopWish.Now : StopWish.Leave;
        log.StopAsked(_wish);

        if (_wish == StopWish.Leave)
            return;

        Say(_wish == StopWish.InOrder ? "stopping in order; Ctrl-C again kills at once" : "killing what is left");
        _stops.Add(StopAsync(now: _wish == StopWish.Now));
        SayWhoIsWaitedFor();
    }

    private void OnBoard(StatusReport board)
    {
        // In a tree that is being stopped the watcher goes and dependants wait for what will not come: no news.
        foreach (var item in _wish == StopWish.None ? BoardNews.Between(_board, board) : [])
            _pump.TryAdd(_format.Said(item.About, Toned(item)));

        _board = board;
        SayWhoIsWaitedFor();
    }

    private void SayWhoIsWaitedFor()
    {
        var waitingFor = _wish == StopWish.None ? null : BoardNews.StillWaitingFor(_board);

        if (waitingFor is not null && waitingFor != _waitingFor)
            Say(waitingFor);

        _waitingFor = waitingFor;
    }

    private async Task StopAsync(bool now)
    {
        try
        {
            var outcomes = await link.AskAsync((control, token) => control.StopAsync(services: null, now, token), CancellationToken.None);

            foreach (var failed in outcomes.Services.Where(o => !o.Succeeded))
                _pump.TryAdd(_format.Said(failed.Service, _palette.Bad(failed.Message)));
        }
        catch (CommandFailure)
        {
            // The parent left before it answered, or refused because it is stopping already: the link's end tells the rest.
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
            // The run ended first; the boards have told what became of them.
        }
        catch (CommandFailure e)
        {
            Say(_palette.Bad(e.Message));
        }
    }

    private async Task FollowAsync(string service, CancellationToken stopping)
    {
        var output = new HostOutput(link, service, time);

        // An adopted server has told its past to an earlier viewer.
        if (_board.Services.Any(s => s.Name == service && s.Pid is not null))
            output.SkipUntil(_board.Tree.StartedAt);

        try
        {
            var view = new OutputView(service, _format, selection: null, text => _pump.AddAsync(text, stopping));
            await output.FollowAsync(view, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of the run is the end of following.
        }
    }

    private void Welcome()
    {
        Say($"{checkout.ConfigPath} (parent pid {_board.Tree.ParentPid}); Ctrl-C stops everything in order");

        foreach (var adopted in _board.Services.Where(s => s.Pid is not null))
            _pump.TryAdd(_format.Said(adopted.Name, _palette.Good($"adopted as it runs (pid {adopted.Pid}, generation {adopted.Generation})")));
    }

    private async Task<ExitCode> EpilogueAsync(Log log)
    {
        if (_wish == StopWish.Leave)
        {
            Say(_palette.Bad($"left while stopping; the parent (pid {_board.Tree.ParentPid}) goes on with it, see \"supervisor status\""));
            return ExitCode.Failed;
        }

        await TreeEnd.WaitAsync(parent, time, CancellationToken.None);

        // A parent that leaves in order removes its pipe; one that was killed cannot.
        if (_wish != StopWish.None || !File.Exists(checkout.Runtime.ControlSocket))
        {
            Say("stopped");
            return ExitCode.Ok;
        }

        log.ParentLost(_board.Tree.ParentPid);
        Say(_palette.Bad("the parent died; the servers go on serving. \"supervisor start\" adopts them as they run"));
        return ExitCode.Failed;
    }

    private void Say(string text) => _pump.TryAdd(_format.Said(LineFormat.Narrator, text));

    private string Toned(BoardNews.Item item) => item.Tone switch
    {
        BoardNews.Tone.Warning => _palette.Warning(item.Text),
        BoardNews.Tone.Bad => _palette.Bad(item.Text),
        _ => _palette.Faint(item.Text),
    };
}
