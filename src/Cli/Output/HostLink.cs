using System.IO.Pipelines;
using Supervisor.Cli.Connection;
using Supervisor.Wire;
using Supervisor.Wire.Channels;

namespace Supervisor.Cli.Output;

/// <summary>A viewer's link to one host.</summary>
internal sealed class HostLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly MultiplexedPipe _pipe;
    private readonly RpcLink _link;
    private readonly IHostOutput _output;
    private readonly Task _running;

    private HostLink(Stream stream, TimeProvider time)
    {
        _pipe = MultiplexedPipe.Dial(stream);
        _link = new RpcLink(_pipe.Rpc, Formatters.Internal(), time);
        _output = _link.Rpc.Attach<IHostOutput>();
        _running = _link.RunAsync(_closing.Token);
    }

    public static async Task<HostLink> OpenAsync(
        ControlLink parent, string service, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var introduction = await parent.AskAsync((control, token) => control.IntroduceAsync(service, token), cancellationToken);
        return new HostLink(await PipeClient.ConnectAsync(introduction.Pipe, deadline, time, cancellationToken), time);
    }

    /// <inheritdoc cref="IHostOutput.LogsAsync"/>
    public Task<LogPage> ReadAsync(long? after, int last, int waitMs, CancellationToken cancellationToken) =>
        _link.CallAsync(token => _output.LogsAsync(after, last, waitMs, token), cancellationToken);

    /// <summary>What <see cref="HostChannels.Output"/> gives. Ends with the link.</summary>
    public async Task<PipeReader> OpenOutputAsync(CancellationToken cancellationToken) =>
        (await _pipe.OpenAsync(HostChannels.Output, cancellationToken)).Input;

    /// <summary>See <see cref="HostChannels.Terminal"/>. Ends with the link.</summary>
    public Task<IDuplexPipe> OpenTerminalAsync(CancellationToken cancellationToken) => _pipe.OpenAsync(HostChannels.Terminal, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _link.DisposeAsync();
        await _pipe.DisposeAsync();
        _closing.Dispose();
    }
}
