using StreamJsonRpc;
using Supervisor.Host;
using Supervisor.Host.Persistence;
using Supervisor.Processes;
using Supervisor.Wire;
using Supervisor.Wire.Channels;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Host;

/// <summary>A complete host inside the test process, with real pipes, processes and clock. Disposal proves that no process of it is alive.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _exitRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PipeListener _listener;
    private readonly Log _log;
    private readonly HostLaunch _launch;

    public HostFixture(Func<string, ServiceSpec> spec)
    {
        Folder = Directory.CreateTempSubdirectory("supervisor-host-").FullName;
        _launch = new HostLaunch(
            spec(Folder), "hash", Path.Combine(Folder, "web.sock"), Path.Combine(Folder, "web.json"), Path.Combine(Folder, "logs"), Folder,
            Tag: $"{Path.GetFileName(Folder)}/web", KillLadder.Walk, ScopePath: null);
        _listener = PipeListener.Bind(_launch.SocketPath);
        _log = new Log("web", folder: null);
        Ended = new HostProcess(_launch, new HostFiles(_launch, Path.Combine(Folder, "web.launch")), _listener, _log, TimeProvider.System).RunAsync(_exitRequested.Task);
    }

    public string Folder { get; }

    public Task<bool> Ended { get; }

    public async Task<Parent> ConnectParentAsync(long epoch = 1, TimeSpan? orphanGrace = null)
    {
        var stream = await PipeClient.ConnectAsync(_launch.SocketPath, Timeout, TimeProvider.System, CancellationToken.None);
        var parent = new Parent(stream);
        try
        {
            await parent.CallAsync(it => it.HelloAsync(new HostHello(1, 1, "test", epoch, Environment.ProcessId, orphanGrace), CancellationToken.None));
        }
        catch
        {
            await parent.DisposeAsync();
            throw;
        }

        return parent;
    }

    public async ValueTask DisposeAsync()
    {
        _exitRequested.TrySetResult();
        await Ended.WaitAsync(Timeout);

        // By their tag only: a child that another test is just spawning looks like an orphan of this host, because both are the same process here.
        ProcessWalk.TaggedTrees(_launch.Tag).Should().BeEmpty("no process of the service outlives its host");
        _listener.Dispose();
        _log.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The parent's end of the link.</summary>
    internal sealed class Parent : IParentOfHost, IAsyncDisposable
    {
        private readonly RpcLink _link;
        private readonly IHost _host;
        private readonly Task<string> _running;
        private readonly TimeSpan _patience = Timeout;
        private TaskCompletionSource _next = New();
        private volatile ServiceStatus? _status;

        public Parent(Stream stream)
        {
            _link = new RpcLink(MultiplexedPipe.DialRpc(stream), Formatters.Internal(), TimeProvider.System);
            _link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IParentOfHost>(), this, null);
            _host = _link.Rpc.Attach<IHost>();
            Output = _link.Rpc.Attach<IHostOutput>();
            _running = _link.RunAsync(CancellationToken.None);
        }

        public Task Ended => _link.Ended;

        public IHostOutput Output { get; }

        public Task<TResult> CallAsync<TResult>(Func<IHost, Task<TResult>> call) =>
            _link.CallAsync(_ => call(_host), CancellationToken.None).WaitAsync(_patience);

        public Task CallAsync(Func<IHost, Task> call) => _link.CallAsync(_ => call(_host), CancellationToken.None).WaitAsync(_patience);

        public async Task<ServiceStatus> WaitForAsync(ServicePhase phase, int generation = 0)
        {
            using var deadline = new CancellationTokenSource(_patience);

            while (true)
            {
                var next = _next.Task;

                if (_status is { } status && status.State == phase && status.Generation >= generation)
                    return status;

                await next.WaitAsync(deadline.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _link.DisposeAsync();
            await _running;
        }

        public Task StatusAsync(ServiceStatus status, CancellationToken cancellationToken)
        {
            _status = status;
            Interlocked.Exchange(ref _next, New()).TrySetResult();
            return Task.CompletedTask;
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
