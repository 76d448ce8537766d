using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>One strike of one fault: whom it finds, and what the record is told.</summary>
internal sealed class Strike(IFault fault, FaultSite site)
{
    private static readonly TimeSpan ToFindWatcher = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ToBeTold = TimeSpan.FromSeconds(5);

    private TimeSpan _began;

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

    public Victim? Skip(string why)
    {
        site.Record.Tell(new FaultSkipped(site.Record.Now, site.Number, fault.Name, why));
        return null;
    }

    /// <summary>Right before it strikes.</summary>
    public void Began(Victim victim)
    {
        var service = fault.Target is FaultTarget.Server or FaultTarget.Host ? site.Service?.Name : null;
        _began = site.Record.Now;
        site.Record.Tell(new FaultBegan(_began, site.Number, fault.Name, fault.Target, service, victim.Pid));
    }

    public void Ended(bool victimDied, string detail) =>
        site.Record.Tell(new FaultEnded(site.Record.Now, site.Number, fault.Name, victimDied, detail));

    public void Ended(Fate fate, string more = "") => Ended(fate.Died, fate.Words + more);

    /// <summary>Waits until the watcher is gone, and for what the board says that it died of.</summary>
    public Task<Fate> WatcherFateAsync(Victim watcher, TimeSpan within, CancellationToken stopping) =>
        FateAsync(watcher, board => (board.Watcher.Pid, board.Watcher.LastExit), within, stopping);

    /// <summary>As for the watcher.</summary>
    public Task<Fate> ServerFateAsync(Victim server, TimeSpan within, CancellationToken stopping) => FateAsync(
        server,
        board => board.Services.FirstOrDefault(status => status.Name == site.Service?.Name) is { } status ? (status.Pid, status.LastExit) : (null, null),
        within, stopping);

    private async Task<Fate> FateAsync(
        Victim victim, Func<StatusReport, (int? Pid, ExitStatus? Exit)> of, TimeSpan within, CancellationToken stopping)
    {
        if (await victim.GoneAsync(within, stopping) is null)
            return new Fate(Died: false, $"lives on after {(site.Record.Now - _began).TotalSeconds:0} s");

        var took = site.Record.Now - _began;
        return new Fate(Died: true, $"{await HowAsync(victim, of, stopping)} after {took.TotalMilliseconds:0} ms");
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

    private ServiceStatus? Ready() => Status() is { State: ServicePhase.Ready } status ? status : null;

    private ServiceStatus? Status() => site.Tree.Board?.Services.FirstOrDefault(status => status.Name == site.Service?.Name);

    private Victim? SkipService() => Skip($"service {site.Service?.Name} is {Word(Status()?.State)}");

    private static Victim? Watching(StatusReport? board) =>
        board?.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } ? Victim.TryFind(pid) : null;

    private static string Word<TPhase>(TPhase? phase) where TPhase : struct, Enum => phase is { } known ? $"{known}".ToLowerInvariant() : "unknown";
}

/// <param name="Words">"died of SIGABRT after 3 ms", since the fault began.</param>
internal sealed record Fate(bool Died, string Words);
