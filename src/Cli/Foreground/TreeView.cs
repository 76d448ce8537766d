using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// Shows a running tree in a terminal: the output of every service, and what changes from board to board. Used by one loop, which passes the boards on.
/// </summary>
/// <param name="since">Output of hosts that already run is shown from this moment on: an earlier viewer has shown what came before.</param>
internal sealed class TreeView(ControlLink link, Screen screen, DateTimeOffset since, TimeProvider time) : IAsyncDisposable
{
    public const string ParentDied = "the parent died; the servers keep running. \"supervisor start\" adopts them without a restart";

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly OutputPump _pump = new(screen.Out);
    private readonly List<string> _services = [.. link.Services];
    private LineFormat _format = new(link.Services, new Palette(screen.Coloured));
    private readonly CancellationTokenSource _ending = new();
    private Task _pumping = Task.CompletedTask;
    private Task _following = Task.CompletedTask;

    public Palette Palette { get; } = new(screen.Coloured);

    /// <summary>The newest board.</summary>
    public StatusReport Board { get; private set; } = link.InitialStatus;

    /// <summary>Begins to show; once.</summary>
    public void Begin()
    {
        _pumping = _pump.RunAsync();
        _following = Task.WhenAll(link.Services.Select(FollowAsync));
    }

    /// <summary>A line of the command itself.</summary>
    public void Print(string text) => Print(LineFormat.OwnName, text);

    /// <summary>A line about a service or the watcher.</summary>
    public void Print(string about, string text) => _pump.TryAdd(_format.Message(about, text));

    /// <param name="quietly">Do not report what has changed.</param>
    public void Show(StatusReport board, bool quietly)
    {
        foreach (var item in quietly ? [] : BoardChanges.Between(Board, board))
            Print(item.About, Coloured(item));

        Board = board;
        FollowAdded([.. board.Services.Select(service => service.Name).Except(_services, StringComparer.Ordinal)]);
    }

    /// <summary>Services that a reload of the configuration has added.</summary>
    private void FollowAdded(IReadOnlyList<string> added)
    {
        if (added.Count == 0)
            return;

        _services.AddRange(added);
        _format = new LineFormat(_services, Palette);
        _following = Task.WhenAll(added.Select(FollowAsync).Prepend(_following));
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

    private async Task FollowAsync(string service)
    {
        var output = new HostOutput(link, service, time);

        if (Board.Services.Any(s => s.Name == service && s.HostPid is not null))
            output.SkipUntil(since);

        try
        {
            var view = new OutputView(service, _format, selection: null, text => _pump.AddAsync(text, _ending.Token));
            await output.FollowAsync(view, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The view has ended.
        }
    }

    private string Coloured(BoardChanges.Item item) => item.Severity switch
    {
        BoardChanges.Severity.Warning => Palette.Warning(item.Text),
        BoardChanges.Severity.Bad => Palette.Bad(item.Text),
        _ => Palette.Faint(item.Text),
    };
}
