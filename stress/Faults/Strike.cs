using Supervisor.Stress.Recording;
using Supervisor.Wire.Contracts;

namespace Supervisor.Stress.Faults;

/// <summary>One strike of one fault: whom it finds, and what the record is told.</summary>
internal sealed class Strike(IFault fault, FaultSite site)
{
    private static readonly TimeSpan ToFindWatcher = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ToBeTold = TimeSpan.FromSeconds(5);

    public FaultSite Site => site;

    /// <summary>The watcher once it watches; null, and told: there is none within a while.</summary>
    public async Task<Victim?> FindWatcherAsync(CancellationToken stopping)
    {
        try
        {
            await site.Tree.WaitForAsync(board => Watching(board) is not null, "a watcher that watches", ToFindWatcher, stopping);
        }
        catch (TimeoutException)
        {
            // Told below, unless it has come in this very moment.
        }

        return Watching(site.Tree.Board) ?? Skip($"no watcher watches: it is {Word(site.Tree.Board?.Watcher.State)}");
    }

    /// <summary>The ready server of the service; null, and told: there is none.</summary>
    public Victim? FindServer() => Ready() is { } status && Victim.TryFind(status.Pid) is { } server ? server : SkipService();

    /// <summary>The host of the ready service; null, and told: there is none.</summary>
    public Victim? FindHost() => Ready() is { } status && Victim.TryFind(status.HostPid) is { } host ? host : SkipService();

    public ServiceStatus? Status(string service) => site.Tree.Board?.Services.FirstOrDefault(status => status.Name == service);

    public Victim? Skip(string why)
    {
        site.Record.Tell(new FaultSkipped(site.Record.Now, site.Number, fault.Name, why));
        return null;
    }

    /// <summary>Right before it strikes.</summary>
    public void Began(Victim victim)
    {
        var service = fault.Target is FaultTarget.Server or FaultTarget.Host ? site.Service?.Name : null;
        site.Record.Tell(new FaultBegan(site.Record.Now, site.Number, fault.Name, fault.Target, service, victim.Pid));
    }

    public void Ended(bool victimDied, string detail) =>
        site.Record.Tell(new FaultEnded(site.Record.Now, site.Number, fault.Name, victimDied, detail));

    /// <summary>Waits until the watcher is gone and the board says of what, and tells that.</summary>
    public async Task WatcherEndedAsync(Victim watcher, TimeSpan within, CancellationToken stopping, string more = "")
    {
        var took = await watcher.GoneAsync(within, stopping);
        if (took is null)
            Ended(victimDied: false, $"the watcher lives on after {within.TotalSeconds:0} s{more}");
        else
            Ended(victimDied: true, $"{await HowAsync(watcher, Of, stopping)} after {took.Value.TotalMilliseconds:0} ms{more}");

        static (int?, ExitStatus?) Of(StatusReport board) => (board.Watcher.Pid, board.Watcher.LastExit);
    }

    /// <summary>As for the watcher.</summary>
    public async Task ServerEndedAsync(Victim server, TimeSpan within, CancellationToken stopping, string more = "")
    {
        var took = await server.GoneAsync(within, stopping);
        if (took is null)
            Ended(victimDied: false, $"the server lives on after {within.TotalSeconds:0} s{more}");
        else
            Ended(victimDied: true, $"{await HowAsync(server, Of, stopping)} after {took.Value.TotalMilliseconds:0} ms{more}");

        (int?, ExitStatus?) Of(StatusReport board) =>
            board.Services.FirstOrDefault(status => status.Name == site.Service?.Name) is { } status ? (status.Pid, status.LastExit) : (null, null);
    }

    private async Task<string> HowAsync(Victim victim, Func<StatusReport, (int? Pid, ExitStatus? Exit)> of, CancellationToken stopping)
    {
        try
        {
            var board = await site.Tree.WaitForAsync(board => of(board).Pid != victim.Pid, "the board knows of the death", ToBeTold, stopping);
            return of(board).Exit switch
            {
                { Signal: { } signal } => $"died of {signal}",
                { Code: { } code } => $"exited with {code}",
                _ => "died",
            };
        }
        catch (TimeoutException)
        {
            return "died (the board does not know of it)";
        }
    }

    private ServiceStatus? Ready() => site.Service is { } service && Status(service.Name) is { State: ServicePhase.Ready } status ? status : null;

    private Victim? SkipService() => Skip($"service {site.Service?.Name} is {Word(site.Service is { } service ? Status(service.Name)?.State : null)}");

    private static Victim? Watching(StatusReport? board) =>
        board?.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } ? Victim.TryFind(pid) : null;

    private static string Word<TPhase>(TPhase? phase) where TPhase : struct, Enum => phase is { } known ? $"{known}".ToLowerInvariant() : "unknown";
}
