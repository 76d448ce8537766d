namespace Supervisor.Parent.Control;

/// <summary>One connection of the control pipe, and the requests that it may send.</summary>
internal sealed class ControlConnection(RpcLink link, PeerCredentials who, ControlServer server, Commands commands, HoldCommands holds, Board board)
    : IControl, IControlForOtherClients
{
    private readonly Lock _lock = new();
    private Task? _pushing;

    public Task Ended => link.Ended;

    public async Task RunAsync(CancellationToken stopping)
    {
        // Where both have a method of the same name and types, the one that is added first answers.
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IControlForOtherClients>(), this, null);
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IControl>(), this, null);

        await using (link)
            await link.RunAsync(stopping);

        await (_pushing ?? Task.CompletedTask);
    }

    public Task<StatusReport> StatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(board.Report);

    public Task<Outcomes> StartAsync(IReadOnlyList<string>? services = null, bool dependencies = true, CancellationToken cancellationToken = default) =>
        commands.StartAsync(services, dependencies, cancellationToken);

    public Task<Outcomes> StopAsync(IReadOnlyList<string>? services = null, bool now = false, CancellationToken cancellationToken = default) =>
        commands.StopAsync(services, now, cancellationToken);

    public Task<Outcomes> RestartAsync(IReadOnlyList<string>? services = null, bool force = false, CancellationToken cancellationToken = default) =>
        commands.RestartAsync(services, force, cancellationToken);

    public Task<ReloadAnswer> ReloadAsync(bool preview = false, CancellationToken cancellationToken = default) => commands.Reload.RunAsync(preview, cancellationToken);

    public Task<WaitAnswer> WaitAsync(
        IReadOnlyList<string> services, string state = "ready", long? timeoutMs = null, CancellationToken cancellationToken = default) =>
        commands.WaitAsync(services, state, timeoutMs, cancellationToken);

    public Task<Ledger> WhyAsync(string service, int last = 20, CancellationToken cancellationToken = default) =>
        commands.WhyAsync(service, last, cancellationToken);

    Task<WaitAnswer> IControlForOtherClients.WaitAsync(IReadOnlyList<string>? services, string @for, long? timeoutMs, CancellationToken cancellationToken) =>
        commands.WaitAsync(Required(services, nameof(services)), @for, timeoutMs, cancellationToken);

    Task<Ledger> IControlForOtherClients.WhyAsync(string? service, int last, CancellationToken cancellationToken) =>
        commands.WhyAsync(Required(service, nameof(service)), last, cancellationToken);

    Task<Introduction> IControlForOtherClients.IntroduceAsync(string? service, CancellationToken cancellationToken) =>
        Task.FromResult(commands.Introduce(Required(service, nameof(service))));

    public Task<Outcomes> FlushAsync(bool deliveredOnly = false, CancellationToken cancellationToken = default) => commands.FlushAsync(deliveredOnly, cancellationToken);

    public Task<HoldStatus> HoldAsync(
        string name = Holds.DefaultName, int? pid = null, long timeoutMs = Holds.DefaultTimeoutMs, CancellationToken cancellationToken = default) =>
        holds.HoldAsync(name, pid, timeoutMs, who.Pid, link.Ended, cancellationToken);

    public Task<HoldList> ReleaseAsync(string? name = null, CancellationToken cancellationToken = default) => holds.ReleaseAsync(name);

    public Task<Introduction> IntroduceAsync(string service, CancellationToken cancellationToken = default) =>
        Task.FromResult(commands.Introduce(service));

    public async Task<StatusReport> OwnAsync(CancellationToken cancellationToken = default)
    {
        await server.OwnAsync(this);
        return board.Report;
    }

    public Task<StatusReport> SubscribeAsync(CancellationToken cancellationToken = default)
    {
        var report = board.Report;

        lock (_lock)
            _pushing ??= PushAsync(report.Tree.Revision);

        return Task.FromResult(report);
    }

    private static T Required<T>(T? parameter, string name) where T : class =>
        parameter ?? throw ErrorCode.Error(ErrorCode.InvalidParams, $"the parameter \"{name}\" is missing");

    /// <summary>Takes the next board only after the last one is written: a slow reader gets the newest and misses those in between.</summary>
    private async Task PushAsync(long revision)
    {
        try
        {
            while (await board.AfterAsync(revision, link.Ended) is { } report)
            {
                revision = report.Tree.Revision;
                await BoardNotification.SendAsync(link, report, CancellationToken.None);
            }
        }
        catch (LinkEndedException)
        {
            // The subscriber has disconnected.
        }
    }
}
