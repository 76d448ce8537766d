using System.Diagnostics;
using System.IO.Pipelines;
using Nerdbank.Streams;

namespace Supervisor.Wire.Channels;

/// <summary>Serves a channel that the other end opened. The token is cancelled when the channel or the pipe ends.</summary>
public delegate Task ChannelServer(IDuplexPipe channel, CancellationToken ended);

/// <summary>
/// One end of a host's pipe: a <see cref="MultiplexingStream"/> (protocol 3) with one RPC channel, open from the start, and byte channels that the
/// dialling end opens by name. Each has its own back-pressure: a channel that is not read does not block another. Constraints: when the other end
/// opens a channel that is not served, or more than <see cref="MaxChannels"/> at a time, the pipe is closed, because a refused channel stays in the
/// library's tables until the other end removes it. Thread-safe. Owns the stream.
/// </summary>
public sealed class MultiplexedPipe : IAsyncDisposable
{
    /// <summary>Open channels at a time, without the RPC channel.</summary>
    public const int MaxChannels = 16;

    /// <summary>Bytes in flight on an opened channel, towards the end that opened it.</summary>
    public const int OpenedWindow = 512 * 1024;

    private const int RpcWindow = 64 * 1024;

    /// <summary>Bytes in flight from the end that opened the channel to its server; little is sent that way.</summary>
    private const int ServedWindow = 16 * 1024;

    /// <summary>Time for the last messages of the RPC channel to be sent.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    // One for all channels: otherwise the library makes one per channel, and the runtime keeps them.
    private static readonly TraceSource Trace = new(nameof(MultiplexedPipe), SourceLevels.Off);

    private readonly Stream _stream;
    private readonly MultiplexingStream _channels;
    private readonly RpcStream _rpc;
    private readonly Func<string, ChannelServer?> _server;
    private readonly TimeProvider? _lingerClock;
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _serving = [];
    private Task? _closing;

    private MultiplexedPipe(Stream stream, Func<string, ChannelServer?> server, TimeProvider? lingerClock)
    {
        _stream = stream;
        _server = server;
        _lingerClock = lingerClock;
        _channels = MultiplexingStream.Create(new BoundedFrameStream(stream), new MultiplexingStream.Options
        {
            ProtocolMajorVersion = 3,
            StartSuspended = true,
            TraceSource = Trace,
            DefaultChannelReceivingWindowSize = ServedWindow,
            MaxChannelReceivingWindowSize = ServedWindow,
            SeededChannels = { WithWindow(RpcWindow) },
        });
        _channels.ChannelOffered += OnOffered;
        _channels.StartListening();
        _rpc = new RpcStream(_channels.AcceptChannel(0, WithWindow(RpcWindow)), BeginClose);
    }

    /// <summary>The RPC channel. Its end is the end of the pipe, and disposing it closes the pipe.</summary>
    public Stream Rpc => _rpc;

    /// <summary>The end that opens channels. It serves none.</summary>
    public static MultiplexedPipe Dial(Stream stream) => new(stream, static _ => null, lingerClock: null);

    /// <summary>The end that serves channels.</summary>
    /// <param name="server">Returns the server of the channel of this name; null: there is no such channel.</param>
    public static MultiplexedPipe Serve(Stream stream, Func<string, ChannelServer?> server, TimeProvider time) => new(stream, server, time);

    /// <summary>For callers that use only RPC. Disposing the stream closes the pipe.</summary>
    public static Stream DialRpc(Stream stream) => Dial(stream).Rpc;

    /// <summary>Opens a channel. Completing its reader and writer closes it.</summary>
    /// <exception cref="LinkEndedException">The other end closed the pipe: it serves no such channel, or has ended.</exception>
    public async Task<IDuplexPipe> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _channels.OfferChannelAsync(name, WithWindow(OpenedWindow), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsEnd(e))
        {
            throw new LinkEndedException($"The channel {name} was not opened.", e);
        }
    }

    /// <summary>Closes the pipe and waits until all its channels have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        BeginClose();
        Task[] owned;

        lock (_lock)
            owned = [_closing!, .. _serving];

        await Task.WhenAll(owned);
    }

    private static bool IsEnd(Exception e) => e is OperationCanceledException or ObjectDisposedException or IOException or MultiplexingProtocolException;

    private static MultiplexingStream.ChannelOptions WithWindow(int bytes) => new() { ChannelReceivingWindowSize = bytes, TraceSource = Trace };

    private void OnOffered(object? sender, MultiplexingStream.ChannelOfferEventArgs offer)
    {
        lock (_lock)
        {
            _serving.RemoveWhere(task => task.IsCompleted);

            if (_closing is null && _serving.Count < MaxChannels && _server(offer.Name) is { } server)
                _serving.Add(ServeAsync(_channels.AcceptChannel(offer.QualifiedId.Id, WithWindow(ServedWindow)), server));
            else
                BeginClose();
        }
    }

    private async Task ServeAsync(MultiplexingStream.Channel channel, ChannelServer server)
    {
        // The caller is the library's reading loop, which must not wait.
        await Task.Yield();
        using var ended = new CancellationTokenSource();
        var serving = Task.Run(() => server(channel, ended.Token), ended.Token);
        await Task.WhenAny(serving, channel.Completion);
        await ended.CancelAsync();

        try
        {
            await serving;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The other end has closed the channel, or the pipe has ended.
        }
        finally
        {
            // The end that opened the channel does not know that it has ended; the library would keep it.
            if (!channel.Completion.IsCompleted)
                BeginClose();

            channel.Dispose();
        }
    }

    private void BeginClose()
    {
        lock (_lock)
            _closing ??= Task.Run(CloseAsync);
    }

    private async Task CloseAsync()
    {
        _rpc.End();

        // The other end closes the pipe when it has read the end of the RPC channel.
        if (_lingerClock is { } time)
            await _channels.Completion.WaitAsync(Linger, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The stream comes first: while the other end does not read, the library waits for it, even in its disposal.
        await _stream.DisposeAsync();
        await _channels.DisposeAsync();
    }
}
