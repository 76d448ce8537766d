namespace Supervisor.Parent.Control;

/// <summary>One connection of the control pipe: who is at its other end, and what it may ask.</summary>
internal sealed class ControlConnection(RpcLink link, PeerCredentials who, ControlServer server, Commands commands, Holding holding, Board board) : IControl
{
    private static readonly Dictionary<string, Type> BoardTypes = new(StringComparer.Ordinal)
    {
        ["tree"] = typeof(TreeStatus), ["watcher"] = typeof(WatcherStatus), ["services"] = typeof(IReadOnlyList<ServiceStatus>),
    };

    private readonly Lock _lock = new();
    private Task? _pushing;

    public int Pid => who.Pid;

    public Task Ended => link.Ended;

    public async Task RunAsync(CancellationToken stopping)
    {
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IControl>(), this, null);

        await using (link)
            await link.RunAsync(stopping);

        if (_pushing is { } pushing)
            await pushing;
    }

    public Task<StatusReport> StatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(board.Report);

    public Task<Outcomes> StartAsync(IReadOnlyList<string>? services = null, CancellationToken cancellationToken = default) =>
        commands.StartAsync(services, cancellationToken);

    public Task<Outcomes> StopAsync(IReadOnlyList<string>? services = null, bool now = false, CancellationToken cancellationToken = default) =>
        commands.StopAsync(services, now, cancellationToken);

    public Task<Outcomes> RestartAsync(IReadOnlyList<string>? services = null, bool force = false, CancellationToken cancellationToken = default) =>
        commands.RestartAsync(services, force, cancellationToken);

    public Task<WaitAnswer> WaitAsync(
        IReadOnlyList<string> services, string state = "ready", long? timeoutMs = null, CancellationToken cancellationToken = default) =>
        commands.WaitAsync(services, state, timeoutMs, cancellationToken);

    public Task<Ledger> WhyAsync(string service, int last = 20, CancellationToken cancellationToken = default) =>
        commands.WhyAsync(service, last, cancellationToken);

    public Task<Outcomes> FlushAsync(CancellationToken cancellationToken = default) => commands.FlushAsync(cancellationToken);

    public Task<HoldStatus> HoldAsync(
        string name = Holds.DefaultName, int? pid = null, long timeoutMs = Holds.DefaultTimeoutMs, CancellationToken cancellationToken = default) =>
        holding.HoldAsync(name, pid, timeoutMs, who.Pid, link.Ended, cancellationToken);

    public Task<HoldList> ReleaseAsync(string? name = null, CancellationToken cancellationToken = default) => holding.ReleaseAsync(name);

    public Task<Introduction> IntroduceAsync(string service, CancellationToken cancellationToken = default) =>
        Task.FromResult(commands.Introduce(service));

    public Task<StatusReport> OwnAsync(CancellationToken cancellationToken = default)
    {
        server.Own(this);
        return Task.FromResult(board.Report);
    }

    public Task<StatusReport> SubscribeAsync(CancellationToken cancellationToken = default)
    {
        var report = board.Report;

        lock (_lock)
            _pushing ??= PushAsync(report.Tree.Revision);

        return Task.FromResult(report);
    }

    /// <summary>The next board is looked up only when the last one has been written: a slow reader gets the newest and misses those between.</summary>
    private async Task PushAsync(long revision)
    {
        try
        {
            while (await board.AfterAsync(revision, link.Ended) is { } report)
            {
                revision = report.Tree.Revision;
                var members = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["tree"] = report.Tree, ["watcher"] = report.Watcher, ["services"] = report.Services,
                };
                await link.NotifyAsync(Notifications.Board, members, BoardTypes, CancellationToken.None);
            }
        }
        catch (LinkEndedException)
        {
            // The subscriber has gone: there is nobody to tell.
        }
    }
}
