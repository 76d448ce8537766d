using StreamJsonRpc;
using Supervisor.Host.Output;
using Supervisor.Host.Records;
using Supervisor.Wire;
using Supervisor.Wire.Channels;

namespace Supervisor.Host.Links;

/// <summary>What the host's pipe answers to whoever dials it. The edge between the wire and the loop: no decision is made here but who may ask.</summary>
internal sealed class HostPipe(HostDesk desk, OutputRing ring, Recorder recorder, ParentLinks parents, Log log, TimeProvider time)
{
    private static readonly RpcTargetMetadata Orders = RpcTargetMetadata.FromShape<IHost>();
    private static readonly RpcTargetMetadata Output = RpcTargetMetadata.FromShape<IHostOutput>();

    public async Task ServeAsync(Stream stream, PeerCredentials _, CancellationToken stopping)
    {
        await using var pipe = MultiplexedPipe.Serve(stream, Channel, time);
        await using var link = new RpcLink(pipe.Rpc, Formatters.Internal(), time) { HandlerFailed = log.HandlerFailed };
        var answers = new Answers(link, desk, ring, recorder, parents);
        link.Rpc.AddLocalRpcTarget(Orders, answers, null);
        link.Rpc.AddLocalRpcTarget(Output, answers, null);
        var why = await link.RunAsync(stopping);
        parents.Ended(link, why);
    }

    private ChannelServer? Channel(string name) => name == HostChannels.Output ? new OutputFollower(ring).RunAsync : null;

    /// <summary>Of one connection.</summary>
    private sealed class Answers(RpcLink link, HostDesk desk, OutputRing ring, Recorder recorder, ParentLinks parents) : IHost, IHostOutput
    {
        public Task<HostWelcome> HelloAsync(HostHello hello, CancellationToken cancellationToken) =>
            Task.FromResult(parents.Greet(hello, link, desk.Welcome));

        public Task<ServiceStatus> StartAsync(StartOrder order, CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.StartAsync(order));

        public Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.StopAsync(order, cancellationToken));

        public Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.RestartAsync(order, cancellationToken));

        public Task ChangedAsync(ChangeOrder order, CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.ChangedAsync(order));

        public Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.SettledAsync(cancellationToken));

        public Task<Ledger> WhyAsync(int last, CancellationToken cancellationToken) => parents.AsParent(
            link, async () => new Ledger(desk.Service, await recorder.ReadLedgerAsync(last, cancellationToken)));

        public Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken) =>
            parents.AsParent(link, () => desk.ShutdownAsync(order, cancellationToken));

        public Task<LogPage> LogsAsync(long? after, int last, int waitMs, CancellationToken cancellationToken = default) =>
            ring.ReadAsync(new LogQuery(after, last, waitMs), cancellationToken);
    }
}
