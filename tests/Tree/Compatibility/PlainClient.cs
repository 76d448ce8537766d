using System.Net.Sockets;
using System.Threading.Channels;
using StreamJsonRpc;

namespace Supervisor.Tree.Compatibility;

/// <summary>
/// A client of the control pipe as anybody would write it with StreamJsonRpc: the library's own frames and ordinary reflection. It uses none of our code or
/// contracts; its records contain the documented members it needs.
/// </summary>
internal sealed class PlainClient : IAsyncDisposable
{
    private readonly JsonRpc _rpc;

    // Full means that the test has not read yet: later boards wait, nothing is dropped.
    private readonly Channel<Tree> _boards = Channel.CreateBounded<Tree>(capacity: 64);

    private PlainClient(Stream stream, IJsonRpcMessageFormatter formatter)
    {
        _rpc = new JsonRpc(new HeaderDelimitedMessageHandler(stream, stream, formatter));
        _rpc.AddLocalRpcMethod("supervisor/board", OnBoardAsync);
        _rpc.StartListening();
    }

    public static async Task<PlainClient> ConnectAsync(string pipe, IJsonRpcMessageFormatter formatter)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(pipe));
        return new PlainClient(new NetworkStream(socket, ownsSocket: true), formatter);
    }

    /// <summary>With the members of an object as named parameters; null: no parameters.</summary>
    public Task<T> NamedAsync<T>(string method, object? parameters = null, CancellationToken cancellationToken = default) =>
        _rpc.InvokeWithParameterObjectAsync<T>(method, parameters, cancellationToken);

    public Task<T> PositionalAsync<T>(string method, params object?[] parameters) => _rpc.InvokeAsync<T>(method, parameters);

    /// <summary>Waits for a board that is newer than a revision.</summary>
    public async Task<Tree> NextBoardAsync(long revision, CancellationToken cancellationToken)
    {
        await foreach (var tree in _boards.Reader.ReadAllAsync(cancellationToken))
        {
            if (tree.Revision > revision)
                return tree;
        }

        throw new InvalidOperationException("The link has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _rpc.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // It needs no types for members it does not use.
    private async Task OnBoardAsync(Tree tree, object watcher, object services) => await _boards.Writer.WriteAsync(tree);

    internal sealed record Status(Tree Tree, Watcher Watcher, IReadOnlyList<Service> Services);

    internal sealed record Tree(long Revision, int ParentPid);

    internal sealed record Watcher(string State, IReadOnlyList<Hold> Holds);

    internal sealed record Service(string Name, string State, int Generation);

    internal sealed record Outcomes(IReadOnlyList<Outcome> Services, string? Doubt);

    internal sealed record Outcome(string Service, bool Succeeded, string Message);

    internal sealed record WaitAnswer(string Result, string Message);

    internal sealed record Ledger(string Service, IReadOnlyList<LedgerEntry> Entries);

    internal sealed record LedgerEntry(string Event, string Cause, int? Generation);

    internal sealed record Hold(string Name, string Holder);

    internal sealed record Released(IReadOnlyList<Hold> Holds);

    internal sealed record Introduction(string Service, string Pipe, string LogFile);
}
