using StreamJsonRpc;
using Supervisor.Wire;

namespace Supervisor.Tree.Harness;

/// <summary>
/// A real <c>supervisor-watcher</c> process, spawned with its listening socket and greeted as the parent does. Disposing closes the link and checks that the
/// process ends, with exit code 0 unless it was killed or drained.
/// </summary>
internal sealed class WatcherProcess : IAsyncDisposable
{
    /// <summary>Binds, leaves the socket at descriptor 3 and executes the watcher in the same process.</summary>
    private const string Activate =
        """
        import os, socket, sys
        os.umask(0o077)
        pipe = socket.socket(socket.AF_UNIX)
        pipe.bind(sys.argv[1] + '.new')
        pipe.listen(64)
        os.umask(0o022)
        os.dup2(pipe.fileno(), 3)
        os.set_inheritable(3, True)
        os.rename(sys.argv[1] + '.new', sys.argv[1])
        os.execv(sys.argv[2], sys.argv[2:])
        """;

    private readonly WatchedFolder _folder;
    private readonly Command _process;
    private readonly RpcLink _link;
    private readonly IWatcher _watcher;
    private readonly Task<string> _linked;
    private bool _isEndedByForce;
    private bool _isFrozen;

    private WatcherProcess(WatchedFolder folder, Command process, Stream stream, TestParent parent)
    {
        _folder = folder;
        _process = process;
        _link = new RpcLink(stream, Formatters.Internal(), TimeProvider.System);
        _link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IParentOfWatcher>(), parent, null);
        _watcher = _link.Rpc.Attach<IWatcher>();
        _linked = _link.RunAsync(CancellationToken.None);
    }

    public int Pid => _process.Pid;

    /// <summary>Starts from the parent's position, as the next watcher does.</summary>
    /// <param name="with">Changes the hello message: settings, subscriptions.</param>
    /// <param name="wrapped">A command that executes the rest of the line: <c>unshare</c>, <c>setpriv</c>.</param>
    public static async Task<WatcherProcess> StartAsync(
        WatchedFolder folder, TestParent parent, Func<WatcherHello, WatcherHello>? with = null, params string[] wrapped)
    {
        var hello = Hello(folder, parent);
        var socket = Path.Combine(folder.Home, $"{hello.Epoch}.sock");
        string[] line = [.. wrapped, .. Line(socket)];
        var process = await SpawningThread.RunAsync(() => Command.Start(line[0], line[1..], "/", folder.Environment));

        try
        {
            await Wait.UntilAsync(() => File.Exists(socket) || !TaggedProcesses.IsAlive(process.Pid), "the watcher's pipe exists");
            var stream = await PipeClient.ConnectAsync(socket, Wait.DefaultTimeout, TimeProvider.System, CancellationToken.None);
            var watcher = new WatcherProcess(folder, process, stream, parent);
            await watcher.CallAsync(token => watcher._watcher.HelloAsync(with?.Invoke(hello) ?? hello, token));
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or RemoteRpcException)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException($"The watcher did not start: {process.Errors}\n{folder.ReadLogs()}", failure);
        }
    }

    /// <summary>Runs it to its end as if this had been its parent.</summary>
    public static Task<CommandResult> RunOrphanedAsync(WatchedFolder folder, int parent)
    {
        string[] line = [.. Line(Path.Combine(folder.Home, "orphan.sock")), $"{parent}"];
        return Command.RunAsync(line[0], line[1..], "/", folder.Environment, Wait.DefaultTimeout);
    }

    /// <summary>Returns once everything saved before is reported and acknowledged.</summary>
    public Task FlushAsync() => CallAsync(token => _watcher.FlushAsync(patient: false, token));

    public Task PingAsync() => CallAsync(token => _watcher.PingAsync(token));

    /// <summary>The watcher reports what is settled and exits; returns the exit code.</summary>
    public async Task<int> DrainAsync()
    {
        await CallAsync(token => _watcher.DrainAsync(token));
        return await ExitAsync();
    }

    /// <summary>Waits for the exit code; 128 plus the signal when it was killed.</summary>
    public async Task<int> ExitAsync()
    {
        _isEndedByForce = true;
        return (await _process.FinishAsync(Wait.DefaultTimeout)).ExitCode;
    }

    /// <summary>Returns once it is dead.</summary>
    public async Task KillAsync()
    {
        Kill.Send(Pid, "KILL");
        await ExitAsync();
    }

    public void Freeze()
    {
        _isFrozen = true;
        Kill.Send(Pid, "STOP");
    }

    public void Thaw()
    {
        if (_isFrozen)
            Kill.Send(Pid, "CONT");

        _isFrozen = false;
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await _link.DisposeAsync();
        await _linked;

        try
        {
            if (!_isEndedByForce && await _process.FinishAsync(Wait.DefaultTimeout) is { ExitCode: not 0 } ended)
                throw new InvalidOperationException($"The watcher did not exit in order: {ended}\n{_folder.ReadLogs()}");
        }
        finally
        {
            await _process.DisposeAsync();
        }
    }

    private static string[] Line(string socket) =>
        ["/usr/bin/python3", "-IS", "-c", Activate, socket, Path.Combine(Executables.Folder, "supervisor-watcher")];

    private static WatcherHello Hello(WatchedFolder folder, TestParent parent) => new(
        Protocol.Oldest, Protocol.Newest, "test", parent.NextEpoch(),
        new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content,
            Settle: null, [], Gitignore: false),
        [new Subscription("web", new WatchSpec([folder.Root], [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)))],
        new WatchBaseline(parent.Applied, parent.Watermark), folder.Snapshot, Degraded: false);

    private async Task CallAsync(Func<CancellationToken, Task> call, [System.Runtime.CompilerServices.CallerMemberName] string caller = "")
    {
        using var late = new CancellationTokenSource(Wait.DefaultTimeout);

        try
        {
            await _link.CallAsync(call, late.Token);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or RemoteRpcException)
        {
            throw new InvalidOperationException($"{caller} was not answered ({failure.Message}): {_process.Errors}\n{_folder.ReadLogs()}", failure);
        }
    }
}
