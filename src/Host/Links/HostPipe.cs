using Supervisor.Host.Output;
using Supervisor.Host.Records;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;

namespace Supervisor.Host.Links;

/// <summary>What the host's pipe answers to whoever dials it. The edge between the wire and the loop: no decision is made here but who may ask.</summary>
internal sealed class HostPipe(HostDesk desk, OutputRing ring, Recorder recorder, ParentLinks parents, Log log, TimeProvider time)
{
    public async Task ServeAsync(Stream stream, PeerCredentials _, CancellationToken stopping)
    {
        await using var peer = new RpcPeer(stream, Methods, time) { HandlerFailed = log.HandlerFailed };
        var why = await peer.RunAsync(stopping);
        parents.Ended(peer, why);
    }

    private RpcMethods Methods { get; } = new RpcMethods()
        .On(ParentToHost.Hello, (hello, peer, _) => Task.FromResult(parents.Greet(hello, peer, desk.Welcome)))
        .On(ParentToHost.Start, (order, peer, _) => parents.AsParent(peer, () => desk.StartAsync(order)))
        .On(ParentToHost.Stop, (order, peer, token) => parents.AsParent(peer, () => desk.StopAsync(order, token)))
        .On(ParentToHost.Restart, (order, peer, token) => parents.AsParent(peer, () => desk.RestartAsync(order, token)))
        .On(ParentToHost.Changed, (order, peer, _) => parents.AsParent(peer, () => desk.ChangedAsync(order)))
        .On(ParentToHost.Settled, (_, peer, token) => parents.AsParent(peer, () => desk.SettledAsync(token)))
        .On(ParentToHost.Why, (query, peer, token) => parents.AsParent(peer, () => WhyAsync(query, desk.Service, recorder, token)))
        .On(ParentToHost.Shutdown, (order, peer, token) => parents.AsParent(peer, () => desk.ShutdownAsync(order, token)))
        .On(ViewerToHost.Logs, (query, _, token) => ring.ReadAsync(query, token));

    private static async Task<Ledger> WhyAsync(LedgerQuery query, string service, Recorder recorder, CancellationToken cancellationToken) =>
        new(service, await recorder.ReadLedgerAsync(query.Last, cancellationToken));
}
