using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

/// <summary>A peer of ours that answers <see cref="TestContract"/>, and a raw one at the other end of its link.</summary>
internal sealed class PeerFixture : IAsyncDisposable
{
    private readonly SocketPair _sockets = SocketPair.Create();
    private readonly CancellationTokenSource _stopping = new();

    public PeerFixture(TimeProvider? time = null, RpcMethods? methods = null)
    {
        Peer = new RpcPeer(_sockets.Here, methods ?? Methods(Seen), time ?? TimeProvider.System)
        {
            HandlerFailed = (method, exception) => Failures.Add($"{method}: {exception.Message}"),
        };

        Other = new RawPeer(_sockets.There);
        Running = Peer.RunAsync(_stopping.Token);
    }

    public RpcPeer Peer { get; }

    public RawPeer Other { get; }

    public Task<string> Running { get; }

    public List<string> Seen { get; } = [];

    public List<string> Failures { get; } = [];

    public Stream OtherStream => _sockets.There;

    public static RpcMethods Methods(List<string> seen) => new RpcMethods()
        .On(TestContract.Add, (request, _, _) => Task.FromResult(new Sum(request.Left + request.Right + (request.More ?? []).Sum(), request.Unit)))
        .On(TestContract.Hang, async (_, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new Empty();
        })
        .On(TestContract.Fail, (text, _, _) => throw (text.Value == "contract" ? new RpcException(-32001, "no such thing") : new FormatException(text.Value)))
        .On(TestContract.Echo, (text, _, _) => Task.FromResult(text))
        .On(TestContract.Note, (text, _, _) =>
        {
            seen.Add(text.Value);
            return Task.CompletedTask;
        });

    /// <summary>Sends one message and gives the next answer.</summary>
    public async Task<string?> AskAsync(string body)
    {
        await Other.SendAsync(body);
        return await Other.ReceiveAsync().Soon();
    }

    public void Stop() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Running.Soon();
        _sockets.Dispose();
        _stopping.Dispose();
    }
}
