namespace Supervisor.Parent.Control;

/// <summary>Who keeps changes back: finds the holder, and tells the loop of its end. Thread-safe.</summary>
internal sealed class Holding(TreeLoop loop, Board board, Children children, TimeProvider time)
{
    private long _tickets;

    /// <param name="caller">The process at the other end of the connection.</param>
    /// <param name="connection">Completes with the connection.</param>
    public async Task<HoldStatus> HoldAsync(HoldRequest request, int caller, Task connection, CancellationToken cancellationToken)
    {
        if (request is not { TimeoutMs: >= 1 and <= 86_400_000, Name.Length: >= 1 and <= 100 })
            throw new RpcException(ErrorCode.InvalidParams, "a hold has a name of at most 100 characters and a timeout of at most a day");

        var within = TimeSpan.FromMilliseconds(request.TimeoutMs);
        var process = request.Pid is { } pid ? Open(pid) : null;
        var holder = request.Pid ?? caller;
        var hold = new Hold(request.Name, Interlocked.Increment(ref _tickets), holder, Describe(holder), time.GetUtcNow(), default);
        await loop.DecideAsync(new TreeEvent.HoldWanted(hold, within));
        var shown = ShownAsync(hold, within, cancellationToken);
        children.Own(EndWithHolderAsync(hold, shown, process, connection));
        return await shown;
    }

    /// <exception cref="RpcException">Nobody holds by that name.</exception>
    public async Task<HoldList> ReleaseAsync(ReleaseRequest request)
    {
        var held = board.Report.Watcher.Holds;
        var released = held.Where(hold => request.Name is null || hold.Name == request.Name).ToArray();

        if (request.Name is { } name && released.Length == 0)
            throw new RpcException(ErrorCode.InvalidParams, $"nobody holds changes as '{name}'; there are: {string.Join(", ", held.Select(hold => hold.Name).DefaultIfEmpty("none"))}");

        await loop.DecideAsync(new TreeEvent.ReleaseWanted([.. released.Select(hold => hold.Name)]));
        return new HoldList(released);
    }

    /// <summary>Once it is true of the watcher that runs, or will be of the next one.</summary>
    private async Task<HoldStatus> ShownAsync(Hold hold, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        var shown = await board.UntilAsync(report => report.Watcher.State == WatcherPhase.Stopped
            ? throw new RpcException(ErrorCode.NotNow, "the tree is stopping")
            : report.Watcher.Holds.FirstOrDefault(other => other.Name == hold.Name), deadline.Token);
        return shown.Holder == hold.Holder ? shown : throw new RpcException(
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
            ?? throw new RpcException(ErrorCode.InvalidParams, $"there is no process {pid} that could hold changes");

    private static string Describe(int pid) => ProcessStatistics.Describe(pid)?.Command is { } command
        ? $"process {pid}: {(command.Length > 100 ? command[..100] + "…" : command)}" : $"process {pid}";
}
