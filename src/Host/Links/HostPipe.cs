using StreamJsonRpc;
using Supervisor.Host.Output;
using Supervisor.Host.Persistence;
using Supervisor.Host.Terminals;
using Supervisor.Wire;
using Supervisor.Wire.Channels;

namespace Supervisor.Host.Links;

/// <summary>Serves the host's pipe: connects RPC calls to the loop. It decides only who may call.</summary>
internal sealed class HostPipe(
    RequestHandler requests, OutputRing ring, ServiceTerminal? terminal, Recorder recorder, ParentLinks parents, Log log, TimeProvider time)
{
    private static readonly RpcTargetMetadata Orders = RpcTargetMetadata.FromShape<IHost>();
    private static readonly RpcTargetMetadata Output = RpcTargetMetadata.FromShape<IHostOutput>();

    public async Task ServeAsync(Stream stream, PeerCredentials peer, CancellationToken stopping)
    {
        await using var pipe = MultiplexedPipe.Serve(stream, name => Channel(name, peer.Pid), time);
        await using var link = new RpcLink(pipe.Rpc, Formatters.Internal(), time) { HandlerFailed = log.HandlerFailed };
        var target = new RpcTarget(link, requests, ring, recorder, parents);
        link.Rpc.AddLocalRpcTarget(Orders, target, null);
        link.Rpc.AddLocalRpcTarget(Output, target, null);
        var why = await link.RunAsync(stopping);
        parents.OnLinkEnded(link, why);
    }

    private ChannelServer? Channel(string name, int viewer) => name switch
    {
        HostChannels.Output => new OutputFollower(ring).RunAsync,
        HostChannels.Terminal => new TerminalAttachment(requests.Service, terminal, viewer, time).RunAsync,
        _ => null,
    };

    /// <summary>The RPC target of one connection.</summary>
    private sealed class RpcTarget(RpcLink link, RequestHandler requests, OutputRing ring, Recorder recorder, ParentLinks parents) : IHost, IHostOutput
    {
        public Task<HostWelcome> HelloAsync(HostHello hello, CancellationToken cancellationToken) =>
            Task.FromResult(parents.AcceptHello(hello, link, requests.Welcome));

        public Task<ServiceStatus> StartAsync(StartOrder order, CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.StartAsync(order));

        public Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.StopAsync(order, cancellationToken));

        public Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.RestartAsync(order, cancellationToken));

        public Task ChangedAsync(ChangeOrder order, CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.ChangedAsync(order));

        public Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.SettledAsync(cancellationToken));

        public Task<Ledger> WhyAsync(int last, CancellationToken cancellationToken) => parents.RunForParent(
            link, async () => new Ledger(requests.Service, await recorder.ReadLedgerAsync(last, cancellationToken)));

        public Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken) =>
            parents.RunForParent(link, () => requests.ShutdownAsync(order, cancellationToken));

        public Task<LogPage> LogsAsync(long? after, int last, int waitMs, CancellationToken cancellationToken = default) =>
            ring.ReadAsync(new LogQuery(after, last, waitMs), cancellationToken);
    }
}
