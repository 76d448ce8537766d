using System.Globalization;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>What a terminal shows of a tree.</summary>
/// <param name="IsPlain">What servers print has no name before it: there is one server.</param>
internal sealed record ViewOptions(LineTimes Times, ShownLines Lines, bool IsPlain = false);

/// <summary>
/// Shows a running tree in a terminal: the output of every service, what changes from board to board, and what is due by the clock. Used by one loop.
/// </summary>
/// <param name="since">Output of hosts that already run is shown from this moment on: an earlier viewer has shown what came before.</param>
internal sealed class TreeView(ControlLink link, Screen screen, ViewOptions options, DateTimeOffset since, Notices notices, TimeProvider time) : IAsyncDisposable
{
    public const string ParentDied = "the parent died; the servers keep running. \"supervisor start\" adopts them without a restart";

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>For the last output of what has ended; a follower connects to a new host within 300 ms.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);

    private static readonly Task NoTick = new TaskCompletionSource().Task;

    private readonly OutputPump _pump = new(screen.Out);
    private readonly LineClock _clock = new(time.LocalTimeZone, options.Times);
    private LineFormat _format = new(link.Services, new Palette(screen.Coloured), new LineClock(time.LocalTimeZone, options.Times)) { IsForTerminal = screen.IsTerminal, IsPlain = options.IsPlain };
    private readonly Dictionary<string, OutputView> _outputs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ending = new();
    private Task _pumping = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private Task<bool>? _nextBoard;
    private Task _tick = NoTick;
    private bool _isStopping;

    public Palette Palette { get; } = new(screen.Coloured);

    /// <summary>The newest board.</summary>
    public StatusReport Board { get; private set; } = link.InitialStatus;

    /// <summary>Begins to show; once.</summary>
    public void Begin()
    {
        _pumping = _pump.RunAsync();
        Follow(link.Services);
    }

    /// <summary>From now on reports only what the stop waits for: that the watcher exits and dependants wait is not worth a line.</summary>
    public void BeginStop()
    {
        _isStopping = true;
        notices.BeginStop();
    }

    /// <summary>A line of the command itself.</summary>
    public void Print(string text) => Print(LineFormat.OwnName, text);

    /// <summary>A line about a service or the watcher.</summary>
    public void Print(string about, string text) => _pump.TryAdd(_format.Message(about, time.GetUtcNow(), text));

    /// <summary>Waits for the next board, for the next moment, for the end of the link or for this interrupt, and shows what is new.</summary>
    public async Task ShowNextAsync(Task interrupt)
    {
        _nextBoard ??= link.Boards.WaitToReadAsync(_ending.Token).AsTask();

        // Without anything to come, nothing wakes an idle terminal.
        if (_tick.IsCompleted || (_tick == NoTick && notices.HavePending(Board)))
            _tick = notices.HavePending(Board) ? Task.Delay(TickPeriod, time, _ending.Token) : NoTick;

        await Task.WhenAny(_nextBoard, interrupt, link.Ended, _tick);

        while (link.Boards.TryRead(out var newest))
            Show(newest);

        if (_nextBoard.IsCompleted)
            _nextBoard = null;

        if (!interrupt.IsCompleted)
            Print(notices.Due(Board, time.GetElapsedTime(0), IsStartShown));
    }

    /// <summary>Returns once the last lines of the servers that have ended are shown, at the latest after 3 s.</summary>
    public async Task ShowEndsAsync()
    {
        for (var began = time.GetTimestamp(); !Board.Services.All(IsEndShown) && time.GetElapsedTime(began) < EndPatience && !link.Ended.IsCompleted;)
            await Task.Delay(TickPeriod, time, CancellationToken.None);
    }

    /// <summary>Ends the output of the services; lines of the command itself may still follow.</summary>
    public async Task EndOutputAsync()
    {
        await _ending.CancelAsync();
        await _following;
    }

    /// <summary>Writes what is left, for as long as the terminal takes it, at most 2 s.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndOutputAsync();
        _pump.Complete();
        await Task.WhenAny(_pumping, Task.Delay(FlushTimeout, time, CancellationToken.None));
        _ending.Dispose();
    }

    private void Show(StatusReport board)
    {
        Print(_isStopping ? [] : BoardChanges.Between(Board, board));
        Board = board;
        Follow([.. board.Services.Select(service => service.Name).Except(_outputs.Keys, StringComparer.Ordinal)]);
    }

    /// <summary>At first those of the start, later those that a reload of the configuration has added.</summary>
    private void Follow(IReadOnlyCollection<string> services)
    {
        if (services.Count == 0)
            return;

        _format = new LineFormat([.. _outputs.Keys, .. services], Palette, _clock) { IsForTerminal = screen.IsTerminal, IsPlain = options.IsPlain };

        foreach (var service in services)
            _outputs[service] = new OutputView(service, _format, selection: null, text => _pump.AddAsync(text, _ending.Token)) { Lines = options.Lines };

        _following = Task.WhenAll(services.Select(service => FollowAsync(service, _outputs[service])).Prepend(_following));
    }

    private void Print(IEnumerable<Notice> lines)
    {
        foreach (var line in lines)
            Print(line.About, line.Painted(Palette));
    }

    /// <summary>A board may overtake the line of the host that it is about. An adopted server has none.</summary>
    private bool IsStartShown(ServiceStatus service)
    {
        if (service.HostPid is null || service.StartedAt < Board.Tree.StartedAt)
            return true;

        return IsShownUntil(service, service.ReadyAt);
    }

    /// <summary>The host says how its server ended after all that the server has said.</summary>
    private bool IsEndShown(ServiceStatus service) => service is not { HostPid: not null, Pid: null, LastExit: { } exit } || IsShownUntil(service, exit.At);

    private bool IsShownUntil(ServiceStatus service, DateTimeOffset? moment)
    {
        var newest = _outputs.TryGetValue(service.Name, out var output) ? output.NewestOwnLine : null;
        return newest is not null && string.CompareOrdinal(newest, moment?.UtcDateTime.ToString(OutputLine.StampFormat, CultureInfo.InvariantCulture)) >= 0;
    }

    private async Task FollowAsync(string service, OutputView view)
    {
        var output = new HostOutput(link, service, time);

        if (Board.Services.Any(s => s.Name == service && s.HostPid is not null))
            output.SkipUntil(since);

        try
        {
            await output.FollowAsync(view, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The view has ended.
        }
    }
}
