using Supervisor.Host.Serving;

namespace Supervisor.Host.Links;

/// <summary>
/// Orders in, outcomes out: turns what a parent asks into events, and the tickets' outcomes into answers. Thread-safe. A caller that stops waiting
/// takes nothing back: the order stands.
/// </summary>
internal sealed class HostDesk(HostLaunch launch, HostLoop loop, StatusBoard board, TicketDesk tickets, Task left)
{
    public string Service => launch.Spec.Name;

    public HostWelcome Welcome(int protocol) => new(protocol, HostBuild.Version, Environment.ProcessId, launch.SpecHash, board.Current);

    public async Task<ServiceStatus> StartAsync(StartOrder order)
    {
        await loop.DeliverAsync(new HostEvent.StartAsked(CauseWords.Parse(order.Cause)));
        return board.Current;
    }

    public async Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken)
    {
        await AskAsync(ticket => new HostEvent.StopAsked(ticket, order.Now), cancellationToken);
        return board.Current;
    }

    public async Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken)
    {
        var outcome = await AskAsync(
            ticket => new HostEvent.RestartAsked(ticket, order.Force, CauseWords.Parse(order.Cause)), cancellationToken);
        return outcome with { Status = board.Current };
    }

    public Task ChangedAsync(ChangeOrder order) => loop.DeliverAsync(order.Unseen is { } span
        ? new HostEvent.Unseen(order.Cursor, span)
        : new HostEvent.Changed(order.Cursor, Shown(order)));

    public async Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken)
    {
        await AskAsync(ticket => new HostEvent.SettledAsked(ticket), cancellationToken);
        return board.Current;
    }

    /// <summary>Answered when nothing of the host but this process is left, on disk neither.</summary>
    public async Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken)
    {
        await LeaveAsync(order.Now);
        await left.WaitAsync(cancellationToken);
    }

    public async Task LeaveAsync(bool now)
    {
        var (ticket, _) = tickets.Open();
        await loop.DeliverAsync(new HostEvent.LeaveAsked(ticket, now));
    }

    private async Task<ServiceOutcome> AskAsync(Func<long, HostEvent> ask, CancellationToken cancellationToken)
    {
        var (ticket, outcome) = tickets.Open();
        await loop.PostAsync(ask(ticket));
        return await outcome.WaitAsync(cancellationToken);
    }

    private IReadOnlyList<string> Shown(ChangeOrder order) => order switch
    {
        { LostTrack: true } => ["(lost track: everything watched)"],
        { More: > 0 } => [.. order.Files.Select(Shown), $"(and {order.More} more)"],
        _ => [.. order.Files.Select(Shown)],
    };

    private string Shown(string file) =>
        file.StartsWith(launch.ConfigFolder + "/", StringComparison.Ordinal) ? file[(launch.ConfigFolder.Length + 1)..] : file;
}
