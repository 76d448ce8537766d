using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>One injection of one fault: finds the victim and records what happens to it.</summary>
internal sealed class FaultInjection(IFault fault, FaultContext context)
{
    private static readonly TimeSpan WatcherTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BoardTimeout = TimeSpan.FromSeconds(5);

    private TimeSpan _began;

    /// <summary>The watcher once it is watching; null, and recorded as skipped: none within the time.</summary>
    public async Task<Victim?> FindWatcherAsync(CancellationToken stopping)
    {
        try
        {
            await context.Tree.WaitForAsync(board => Watching(board) is not null, "a watcher that watches", WatcherTimeout, stopping);
        }
        catch (TimeoutException)
        {
            // Recorded below, unless the watcher has just appeared.
        }

        return Watching(context.Tree.Board) ?? Skip($"no watcher is watching: it is {Word(context.Tree.Board?.Watcher.State)}");
    }

    /// <summary>The ready server of the service; null, and recorded as skipped: there is none.</summary>
    public Victim? FindServer() => Ready() is { } status && Victim.TryFind(status.Pid) is { } server ? server : SkipService();

    /// <summary>The host of the ready service; null, and recorded as skipped: there is none.</summary>
    public Victim? FindHost() => Ready() is { } status && Victim.TryFind(status.HostPid) is { } host ? host : SkipService();

    public Victim? Skip(string why)
    {
        context.Record.Append(new FaultSkipped(context.Record.Now, context.Number, fault.Name, why));
        return null;
    }

    /// <summary>Call right before the fault is injected.</summary>
    public void Began(Victim victim)
    {
        var service = fault.Target is FaultTarget.Server or FaultTarget.Host ? context.Service?.Name : null;
        _began = context.Record.Now;
        context.Record.Append(new FaultBegan(_began, context.Number, fault.Name, fault.Target, service, victim.Pid));
    }

    public void Ended(bool victimDied, string detail) =>
        context.Record.Append(new FaultEnded(context.Record.Now, context.Number, fault.Name, victimDied, detail));

    public void Ended(VictimOutcome outcome, string details = "") => Ended(outcome.Died, outcome.Description + details);

    /// <summary>Waits until the watcher is gone, then reads the reason of its exit from the board.</summary>
    public Task<VictimOutcome> WaitForWatcherExitAsync(Victim watcher, TimeSpan within, CancellationToken stopping) =>
        WaitForExitAsync(watcher, board => (board.Watcher.Pid, board.Watcher.LastExit), within, stopping);

    /// <summary>As for the watcher.</summary>
    public Task<VictimOutcome> WaitForServerExitAsync(Victim server, TimeSpan within, CancellationToken stopping) => WaitForExitAsync(
        server,
        board => board.Services.FirstOrDefault(status => status.Name == context.Service?.Name) is { } status ? (status.Pid, status.LastExit) : (null, null),
        within, stopping);

    private async Task<VictimOutcome> WaitForExitAsync(
        Victim victim, Func<StatusReport, (int? Pid, ExitStatus? Exit)> of, TimeSpan within, CancellationToken stopping)
    {
        if (await victim.WaitForExitAsync(within, stopping) is null)
            return new VictimOutcome(Died: false, $"still alive after {(context.Record.Now - _began).TotalSeconds:0} s");

        var took = context.Record.Now - _began;
        return new VictimOutcome(Died: true, $"{await DescribeExitAsync(victim, of, stopping)} after {took.TotalMilliseconds:0} ms");
    }

    private async Task<string> DescribeExitAsync(Victim victim, Func<StatusReport, (int? Pid, ExitStatus? Exit)> of, CancellationToken stopping)
    {
        try
        {
            var board = await context.Tree.WaitForAsync(board => of(board).Pid != victim.Pid, "the board shows the exit", BoardTimeout, stopping);
            return of(board).Exit switch
            {
                { Signal: { } signal } => $"died of {signal}",
                { Code: { } code } => $"exited with {code}",
                _ => "died",
            };
        }
        catch (TimeoutException)
        {
            return "died (the board does not show it)";
        }
    }

    private ServiceStatus? Ready() => Status() is { State: ServicePhase.Ready } status ? status : null;

    private ServiceStatus? Status() => context.Tree.Board?.Services.FirstOrDefault(status => status.Name == context.Service?.Name);

    private Victim? SkipService() => Skip($"service {context.Service?.Name} is {Word(Status()?.State)}");

    private static Victim? Watching(StatusReport? board) =>
        board?.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } ? Victim.TryFind(pid) : null;

    private static string Word<TPhase>(TPhase? phase) where TPhase : struct, Enum => phase is { } known ? $"{known}".ToLowerInvariant() : "unknown";
}

/// <param name="Description">"died of SIGABRT after 3 ms", counted from the beginning of the fault.</param>
internal sealed record VictimOutcome(bool Died, string Description);
