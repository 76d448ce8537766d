using Supervisor.Cli.Connection;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;

namespace Supervisor.Cli.Output;

/// <summary>A viewer's link to one host.</summary>
internal sealed class HostLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly RpcPeer _peer;
    private readonly Task _running;

    private HostLink(Stream stream, TimeProvider time)
    {
        _peer = new RpcPeer(stream, RpcMethods.None, time);
        _running = _peer.RunAsync(_closing.Token);
    }

    public static async Task<HostLink> OpenAsync(
        ControlLink parent, string service, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var introduction = await parent.AskAsync(ControlPipe.Introduce, new IntroduceRequest(service), cancellationToken);
        return new HostLink(await PipeClient.ConnectAsync(introduction.Pipe, deadline, time, cancellationToken), time);
    }

    public Task<LogPage> AskAsync(LogQuery query, CancellationToken cancellationToken) =>
        _peer.CallAsync(ViewerToHost.Logs, query, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _peer.DisposeAsync();
        _closing.Dispose();
    }
}
