namespace Supervisor.Parent.Control;

/// <summary>Carries out hold and release requests, and reports the end of a holder to the loop. Thread-safe.</summary>
internal sealed class HoldCommands(TreeLoop loop, Board board, EffectRunner runner, TimeProvider time)
{
    private long _tickets;

    /// <param name="caller">The process at the other end of the connection.</param>
    /// <param name="connection">Completes when the connection ends.</param>
    public async Task<HoldStatus> HoldAsync(string name, int? pid, long timeoutMs, int caller, Task connection, CancellationToken cancellationToken)
    {
        if (timeoutMs is < 1 or > 86_400_000 || name.Length is < 1 or > 100)
            throw ErrorCode.Error(ErrorCode.InvalidParams, "a hold has a name of at most 100 characters and a timeout of at most a day");

        var within = TimeSpan.FromMilliseconds(timeoutMs);
        var process = pid is { } named ? Open(named) : null;
        var holder = pid ?? caller;
        var hold = new Hold(name, Interlocked.Increment(ref _tickets), holder, Describe(holder), time.GetUtcNow(), default);
        await loop.PostAndWaitAsync(new TreeEvent.HoldRequested(hold, within));
        var shown = ShownAsync(hold, within, cancellationToken);
        runner.Track(EndWithHolderAsync(hold, shown, process, connection));
        return await shown;
    }

    /// <exception cref="LocalRpcException">There is no hold of that name.</exception>
    public async Task<HoldList> ReleaseAsync(string? name)
    {
        var held = board.Report.Watcher.Holds;
        var released = held.Where(hold => name is null || hold.Name == name).ToArray();

        if (name is not null && released.Length == 0)
            throw ErrorCode.Error(ErrorCode.InvalidParams, $"no hold is called '{name}'; there are: {string.Join(", ", held.Select(hold => hold.Name).DefaultIfEmpty("none"))}");

        await loop.PostAndWaitAsync(new TreeEvent.ReleaseRequested([.. released.Select(hold => hold.Name)]));
        return new HoldList(released);
    }

    /// <summary>Waits until the running watcher holds changes, or the next one will.</summary>
    private async Task<HoldStatus> ShownAsync(Hold hold, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        var shown = await board.UntilAsync(report => report.Watcher.State == WatcherPhase.Stopped
            ? throw ErrorCode.Error(ErrorCode.NotNow, "the tree is stopping")
            : report.Watcher.Holds.FirstOrDefault(other => other.Name == hold.Name), deadline.Token);
        return shown.Holder == hold.Holder ? shown : throw ErrorCode.Error(
            ErrorCode.NotNow, $"changes are {shown.InWords(time.GetUtcNow())} already; take another name, or `supervisor release {hold.Name}`");
    }

    private async Task EndWithHolderAsync(Hold hold, Task<HoldStatus> shown, ForeignProcess? process, Task connection)
    {
        using (process)
        {
            await ((Task)shown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (shown.IsCompletedSuccessfully)
                await Task.WhenAny(process?.Gone ?? connection, board.UntilAsync(report => report.Watcher.Holds.Contains(shown.Result) ? null : report, CancellationToken.None));

            await loop.PostAsync(new TreeEvent.HolderEnded(hold.Ticket));
        }
    }

    private static ForeignProcess Open(int pid) =>
        (ProcessIdentity.TryRead(pid) is { } identity ? ForeignProcess.TryOpen(identity) : null)
            ?? throw ErrorCode.Error(ErrorCode.InvalidParams, $"there is no process {pid} that could hold changes");

    private static string Describe(int pid) => ProcessStatistics.Describe(pid)?.Command is { } command
        ? $"process {pid}: {(command.Length > 100 ? command[..100] + "…" : command)}" : $"process {pid}";
}
