using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Threading.Channels;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>A link to a running tree: typed calls of its control pipe, and its board as it changes. Thread-safe. The caller disposes it.</summary>
public sealed class SupervisorClient : IAsyncDisposable
{
    /// <summary>For the parent to accept and to answer the first call. A listening socket accepts even for a parent that is stopped.</summary>
    public static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);

    // Full means that boards arrive faster than they are read: only the newest is valid, so it replaces the older one.
    private readonly Channel<StatusReport> _boards = Channel.CreateBounded<StatusReport>(
        new BoundedChannelOptions(capacity: 1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ControlMessageHandler _messages;
    private readonly JsonRpc _rpc;
    private readonly IControl _control;

    private SupervisorClient(Stream stream)
    {
        _messages = new ControlMessageHandler(stream, Formatter());
        _rpc = new JsonRpc(_messages);
        _rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IBoardSubscriber>(), new Subscriber(_boards.Writer), null);
        _control = _rpc.Attach<IControl>();
        Ended = EndAsync();
    }

    /// <summary>Completes when the link has ended; never fails.</summary>
    public Task Ended { get; }

    /// <summary>Finds the tree of a configuration file and connects to it.</summary>
    /// <param name="configPath">Path of <c>supervisor.json</c>; need not exist while its tree runs.</param>
    /// <exception cref="PipeUnavailableException">No tree runs for it, or its parent does not accept within <see cref="ConnectDeadline"/>.</exception>
    public static Task<SupervisorClient> ConnectAsync(string configPath, CancellationToken cancellationToken) =>
        ConnectToPipeAsync(RuntimeDirectory.For(configPath).ControlSocket, TimeProvider.System, cancellationToken);

    /// <summary>Connects to a control pipe whose path is known.</summary>
    /// <exception cref="PipeUnavailableException">No process listens there, or it does not accept within <see cref="ConnectDeadline"/>.</exception>
    public static async Task<SupervisorClient> ConnectToPipeAsync(string pipe, TimeProvider time, CancellationToken cancellationToken) =>
        new(await PipeClient.ConnectAsync(pipe, ConnectDeadline, time, cancellationToken));

    /// <summary>
    /// Calls the control pipe. A cancelled token returns to the caller at once and notifies the parent; the request may still be carried out.
    /// </summary>
    /// <exception cref="RemoteRpcException">It was answered with an error; its code is one of <see cref="ErrorCode"/>.</exception>
    /// <exception cref="LinkEndedException">The link ended before the answer: it is unknown whether the call was carried out.</exception>
    public async Task<TResult> CallAsync<TResult>(Func<IControl, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            // The library would wait for the parent's answer to the cancellation.
            return await call(_control, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is ConnectionLostException or ObjectDisposedException or IOException)
        {
            throw new LinkEndedException(
                _messages.Refusal is { } why ? $"The parent refused the link: {why}." : "The link to the tree has ended.", e) { Refusal = _messages.Refusal };
        }
    }

    /// <summary>
    /// The current board, then each change, until the link ends; a slow reader gets the newest and misses those in between. One reader at a time.
    /// </summary>
    /// <exception cref="LinkEndedException">The link ended before the first board.</exception>
    public async IAsyncEnumerable<StatusReport> BoardsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = await SubscribeAsync(cancellationToken);
        yield return newest;

        await foreach (var board in _boards.Reader.ReadAllAsync(cancellationToken))
        {
            // A board may arrive before the answer to the subscription, which is then older.
            if (board.Tree.Revision > newest.Tree.Revision)
                yield return newest = board;
        }
    }

    /// <summary>Pushed boards since <see cref="SubscribeAsync"/>; completes when the link ends. For readers that also wait for other events.</summary>
    public ChannelReader<StatusReport> Boards => _boards.Reader;

    /// <inheritdoc cref="IControl.SubscribeAsync"/>
    public Task<StatusReport> SubscribeAsync(CancellationToken cancellationToken) =>
        CallAsync((control, token) => control.SubscribeAsync(token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await Ended;
    }

    /// <summary>UTF-8 JSON in the format of the contracts. A formatter belongs to one link.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Types are resolved from ContractJson, which is generated at build.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Types are resolved from ContractJson, which is generated at build.")]
    internal static SystemTextJsonFormatter Formatter() => new()
    {
        JsonSerializerOptions = new JsonSerializerOptions(ContractJson.Default.Options),
    };

    private async Task EndAsync()
    {
        _rpc.StartListening();
        await _rpc.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _boards.Writer.TryComplete();
    }

    private sealed class Subscriber(ChannelWriter<StatusReport> boards) : IBoardSubscriber
    {
        public Task BoardAsync(TreeStatus tree, WatcherStatus watcher, IReadOnlyList<ServiceStatus> services, CancellationToken cancellationToken)
        {
            boards.TryWrite(new StatusReport(tree, watcher, services));
            return Task.CompletedTask;
        }
    }
}
