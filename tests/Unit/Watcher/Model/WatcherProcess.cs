using StreamJsonRpc;
using Supervisor.Processes;
using Supervisor.Watcher.Links;
using Supervisor.Wire;
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
    private readonly RpcLink _link;
    private readonly IWatcher _watcher;
    private readonly Task<string> _linked;

    private WatcherProcess(Child process, RpcLink link)
    {
        _process = process;
        _link = link;
        _watcher = link.Rpc.Attach<IWatcher>();
        _linked = link.RunAsync(CancellationToken.None);
    }

    /// <summary>This build's own, or the one in the folder that SUPERVISOR_BIN names (a native build).</summary>
    public static string Executable { get; } = Path.Combine(Tree.Harness.Executables.Folder, "supervisor-watcher");

    public static StartWatcher From(string executable) =>
        (hello, directory, parent, _) => StartAsync(executable, hello, directory, parent);

    public Task FlushAsync() => CallAsync(token => _watcher.FlushAsync(patient: false, token));

    public Task HoldAsync(bool held) => CallAsync(token => _watcher.HoldAsync(held, token));

    public Task PingAsync() => CallAsync(token => _watcher.PingAsync(token));

    public Task TakeOverAsync(WatchBaseline baseline) => CallAsync(token => _watcher.TakeOverAsync(baseline, token));

    /// <summary>With nothing to deliver it exits at once, and its answer may not get out any more: as for the real parent, its exit says the same.</summary>
    public async Task DrainAsync()
    {
        using var late = new CancellationTokenSource(DrainTimeout);

        try
        {
            await _link.CallAsync(token => _watcher.DrainAsync(token), late.Token);
        }
        catch (LinkEndedException)
        {
            (await _process.Exited.WaitAsync(Timeout)).Should().Be(new ExitReason.Exited(0), "a watcher that drains ends by itself");
            return;
        }

        await Task.WhenAny(_process.Exited, Task.Delay(DrainTimeout));
    }

    public async Task DieAsync()
    {
        _process.TrySignal(Signals.Kill);
        await _process.Exited.WaitAsync(Timeout);

        // What is in the pipe still arrives, as at the real parent.
        await _linked.WaitAsync(Timeout);
        await _link.DisposeAsync();
    }

    private static async Task<IModelWatcher> StartAsync(string executable, WatcherHello hello, TestDirectory directory, IParent parent)
    {
        var socket = Path.Combine(directory.Home, $"{hello.Epoch}.sock");
        using var listener = PipeListener.Bind(socket);
        var process = Launcher.Spawn(new SpawnRequest([executable], "/", InheritedEnvironment.Read()) { Inherit = [new InheritedDescriptor(listener.Descriptor, 3)] });
        var stream = await PipeClient.ConnectAsync(socket, Timeout, TimeProvider.System, CancellationToken.None);
        var link = new RpcLink(stream, Formatters.Internal(), TimeProvider.System);
        link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IParentOfWatcher>(), new Answers(parent), null);
        var watcher = new WatcherProcess(process, link);
        listener.Unlink();

        try
        {
            await watcher.CallAsync(token => watcher._watcher.HelloAsync(hello, token));
            return watcher;
        }
        catch (Exception)
        {
            await watcher.DieAsync();
            throw;
        }
    }

    private async Task CallAsync(Func<CancellationToken, Task> call)
    {
        using var late = new CancellationTokenSource(Timeout);

        try
        {
            await _link.CallAsync(call, late.Token);
        }
        catch (LinkEndedException ended) when (!late.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The watcher has ended: {await _process.Exited.WaitAsync(Timeout)}.", ended);
        }
    }

    private sealed class Answers(IParent parent) : IParentOfWatcher
    {
        public Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken) => parent.DeliverAsync(batch, cancellationToken);

        public Task HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) => parent.BeatAsync(heartbeat, cancellationToken);

        public Task WarningAsync(WatcherWarning warning, CancellationToken cancellationToken) => parent.WarnAsync(warning, cancellationToken);
    }
}
