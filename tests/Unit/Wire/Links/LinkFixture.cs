using System.Text.Json;
using Nerdbank.Streams;
using StreamJsonRpc;
using Supervisor.Wire;

namespace Supervisor.Unit.Wire.Links;

/// <summary>A link that answers <see cref="ITestContract"/>, with raw bytes at its other end.</summary>
internal sealed class LinkFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly IDisposable _streams;

    /// <param name="sockets">null: streams in memory; where the kernel's buffers are the subject, real sockets.</param>
    public LinkFixture(TimeProvider? time = null, SocketPair? sockets = null)
    {
        var (here, there) = sockets is null ? FullDuplexStream.CreatePair() : (sockets.Here, sockets.There);
        _streams = sockets as IDisposable ?? there;
        Link = Open(here, Answers, Failures, time ?? TimeProvider.System);
        Contract = Link.Rpc.Attach<ITestContract>();
        OtherStream = there;
        Other = new RawPeer(there);
        Running = Link.RunAsync(_stopping.Token);
    }

    public RpcLink Link { get; }

    /// <summary>What the other end answers, by hand.</summary>
    public ITestContract Contract { get; }

    public TestAnswers Answers { get; } = new();

    public RawPeer Other { get; }

    public Stream OtherStream { get; }

    public Task<string> Running { get; }

    public List<string> Failures { get; } = [];

    public static RpcLink Open(Stream stream, ITestContract answers, List<string> failures, TimeProvider time)
    {
        var formatter = new SystemTextJsonFormatter { JsonSerializerOptions = new JsonSerializerOptions(TestJson.Default.Options) };
        var link = new RpcLink(stream, formatter, time) { HandlerFailed = (method, exception) => failures.Add($"{method}: {exception.Message}") };
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<ITestContract>(), answers, null);
        return link;
    }

    /// <summary>Sends one message and gives the next answer.</summary>
    public async Task<string?> AskAsync(string body)
    {
        await Other.SendAsync(body);
        return await Other.ReceiveAsync().WithTimeout();
    }

    public Task<Text> EchoAsync(string value, CancellationToken cancellationToken = default) =>
        Link.CallAsync(token => Contract.EchoAsync(value, token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Running.WithTimeout();
        _streams.Dispose();
        _stopping.Dispose();
    }
}
