using Supervisor.Host.Running;
using Supervisor.Host.StateMachine;

namespace Supervisor.Host.Links;

/// <summary>
/// Turns the parent's requests into events and the tickets' outcomes into replies. Thread-safe. A caller that stops waiting does not cancel the request.
/// </summary>
internal sealed class RequestHandler(
    HostLaunch launch, ServiceConfiguration configuration, HostLoop loop, StatusBoard board, OpenTickets tickets, int? heartbeat, Task cleanedUp)
{
    private static readonly string Version = typeof(RequestHandler).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "0";

    public string Service => launch.Spec.Name;

    public HostWelcome Welcome(int protocol) => new(protocol, Version, Environment.ProcessId, launch.SpecHash, board.Current, heartbeat);

    public async Task<ServiceStatus> StartAsync(StartOrder order)
    {
        await loop.PostAndWaitAsync(new HostEvent.StartRequested(CauseWords.Parse(order.Cause)));

        // A parent forgets what was reported before its order. Where nothing is to be started, nothing else would tell it so.
        board.Repeat();
        return board.Current;
    }

    public async Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken)
    {
        await SendAsync(ticket => new HostEvent.StopRequested(ticket, order.Now), cancellationToken);
        return board.Current;
    }

    public async Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(
            ticket => new HostEvent.RestartRequested(ticket, order.Force, CauseWords.Parse(order.Cause)), cancellationToken);
        return outcome with { Status = board.Current };
    }

    public async Task ChangedAsync(ChangeOrder order)
    {
        if (order.Unseen is { } span)
        {
            await loop.PostAndWaitAsync(new HostEvent.UnseenChange(order.Cursor, span) { Watch = order.Watch });
            return;
        }

        var change = EnvFileSplit.Of(order, configuration.EnvFiles, (order.Watch ?? launch.Spec.Watch) is not null);

        if (change.EnvFiles is { Count: > 0 } envFiles)
            await loop.PostAndWaitAsync(Event(order.Cursor, [.. envFiles.Select(Display)], await Task.Run(configuration.Compare)));

        if (change.Others is { } others)
            await loop.PostAndWaitAsync(new HostEvent.FilesChanged(order.Cursor, Display(others)) { Watch = order.Watch, HeardUntil = others.LostTrack ? null : others.HeardUntil });
    }

    public async Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken)
    {
        await SendAsync(ticket => new HostEvent.SettledRequested(ticket), cancellationToken);
        return board.Current;
    }

    /// <summary>Replies when only this process is left of the host: its server, its files and its cgroups are gone.</summary>
    public async Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken)
    {
        await RequestShutdownAsync(order.Now);
        await cleanedUp.WaitAsync(cancellationToken);
    }

    public async Task RequestShutdownAsync(bool now)
    {
        var (ticket, _) = tickets.Open();
        await loop.PostAndWaitAsync(new HostEvent.ShutdownRequested(ticket, now));
    }

    private async Task<ServiceOutcome> SendAsync(Func<long, HostEvent> ask, CancellationToken cancellationToken)
    {
        var (ticket, outcome) = tickets.Open();
        await loop.PostAsync(ask(ticket));
        return await outcome.WaitAsync(cancellationToken);
    }

    private static HostEvent Event(string cursor, IReadOnlyList<string> files, EnvFileVerdict verdict) => verdict switch
    {
        EnvFileVerdict.Changed => new HostEvent.EnvFileChanged(cursor, files),
        EnvFileVerdict.Unusable(var reason) => new HostEvent.EnvFileUnusable(cursor, files, reason),
        _ => new HostEvent.EnvFileUnchanged(cursor, files),
    };

    private IReadOnlyList<string> Display(ChangeOrder order) => order switch
    {
        { LostTrack: true } => ["(lost track: everything watched)"],
        { More: > 0 } => [.. order.Files.Select(Display), $"(and {order.More} more)"],
        _ => [.. order.Files.Select(Display)],
    };

    private string Display(string file) =>
        file.StartsWith(launch.ConfigFolder + "/", StringComparison.Ordinal) ? file[(launch.ConfigFolder.Length + 1)..] : file;
}
