using Supervisor.Processes;
using Supervisor.Watcher.Links;
using Supervisor.Wire.Contracts;
using Supervisor.Wire.JsonRpc;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// The real executable over its pipe, which dies by SIGKILL at any moment, even during a write to its log. Limits that only a constructor can set do
/// not apply to it.
/// </summary>
internal sealed class WatcherProcess : IModelWatcher
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly ProcessLauncher Launcher = new(TimeProvider.System);

    private readonly Child _process;
    private readonly RpcPeer _peer;
    private readonly Task<string> _linked;

    private WatcherProcess(Child process, RpcPeer peer)
    {
        _process = process;
        _peer = peer;
        _linked = peer.RunAsync(CancellationToken.None);
    }

    /// <summary>This build's own, or the one in the folder that SUPERVISOR_BIN names (a native build).</summary>
    public static string Executable { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("SUPERVISOR_BIN") is { Length: > 0 } named ? Path.GetFullPath(named) : AppContext.BaseDirectory, "supervisor-watcher");

    public static StartWatcher From(string executable) =>
        (hello, directory, parent, _) => StartAsync(executable, hello, directory, parent);

    public Task FlushAsync() => CallAsync(ParentToWatcher.Flush, Nothing.Instance);

    public Task HoldAsync(bool held) => CallAsync(ParentToWatcher.Hold, new HoldOrder(held));

    public Task PingAsync() => CallAsync(ParentToWatcher.Ping, Nothing.Instance);

    public Task TakeOverAsync(WatchBaseline baseline) => CallAsync(ParentToWatcher.TakeOver, baseline);

    public async Task DrainAsync()
    {
        await CallAsync(ParentToWatcher.Drain, Nothing.Instance);
        await Task.WhenAny(_process.Exited, Task.Delay(DrainTimeout));
    }

    public async Task DieAsync()
    {
        _process.TrySignal(Signals.Kill);
        await _process.Exited.WaitAsync(Timeout);

        // What is in the pipe still arrives, as at the real parent.
        await _linked.WaitAsync(Timeout);
        await _peer.DisposeAsync();
    }

    private static async Task<IModelWatcher> StartAsync(string executable, WatcherHello hello, TestDirectory directory, IParent parent)
    {
        var socket = Path.Combine(directory.Home, $"{hello.Epoch}.sock");
        using var listener = PipeListener.Bind(socket);
        var process = Launcher.Spawn(new SpawnRequest([executable], "/", InheritedEnvironment.Read()) { Inherit = [new InheritedDescriptor(listener.Descriptor, 3)] });
        var stream = await PipeClient.ConnectAsync(socket, Timeout, TimeProvider.System, CancellationToken.None);
        var watcher = new WatcherProcess(process, new RpcPeer(stream, Methods(parent), TimeProvider.System));
        listener.Unlink();

        try
        {
            await watcher.CallAsync(ParentToWatcher.Hello, hello);
            return watcher;
        }
        catch (Exception)
        {
            await watcher.DieAsync();
            throw;
        }
    }

    private static RpcMethods Methods(IParent parent) => RpcMethods.None
        .On(WatcherToParent.Deliver, async (batch, _, linkEnded) =>
        {
            await parent.DeliverAsync(batch, linkEnded);
            return Nothing.Instance;
        })
        .On(WatcherToParent.Heartbeat, (beat, _, linkEnded) => parent.BeatAsync(beat, linkEnded))
        .On(WatcherToParent.Warning, (warning, _, linkEnded) => parent.WarnAsync(warning, linkEnded));

    private async Task<TResult> CallAsync<TParams, TResult>(RpcMethod<TParams, TResult> method, TParams parameters)
    {
        using var late = new CancellationTokenSource(Timeout);

        try
        {
            return await _peer.CallAsync(method, parameters, late.Token);
        }
        catch (LinkEndedException ended) when (!late.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The watcher has ended: {await _process.Exited.WaitAsync(Timeout)}.", ended);
        }
    }
}
