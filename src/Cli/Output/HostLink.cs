using Supervisor.Cli.Connection;
using Supervisor.Wire;

namespace Supervisor.Cli.Output;

/// <summary>A viewer's link to one host.</summary>
internal sealed class HostLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly RpcLink _link;
    private readonly IHostOutput _output;
    private readonly Task _running;

    private HostLink(Stream stream, TimeProvider time)
    {
        _link = new RpcLink(stream, Formatters.Internal(), time);
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

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _link.DisposeAsync();
        _closing.Dispose();
    }
}
