namespace Supervisor.Parent.Links;

/// <summary>One run of one child process, and the link to it. It lives as long as the process, not as long as the link. Thread-safe.</summary>
internal sealed class ChildLink<TContract>(ProcessIdentity identity, Func<int, bool> signal, Task<ExitReason> exited, string socket, TimeProvider time)
{
    /// <summary>A killed process ends within milliseconds. After this time the parent stops waiting for one that hangs in a driver.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReapTimeout = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource<ExitReason> _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Connection? _connection;
    private Task _serving = Task.CompletedTask;
    private volatile bool _closing;

    public ProcessIdentity Identity => identity;

    public int Pid => identity.Pid;

    /// <summary>The state of the process in /proc, for the log.</summary>
    public string Diagnostics => $"state {ProcessStatistics.RunState(Pid)}, {ProcessStatistics.CpuTime(Pid)} of processor time: {ProcessStatistics.Describe(Pid)}";

    /// <summary>Completes when the process has ended, or when it was killed and has not ended within <see cref="KillTimeout"/>.</summary>
    public Task<ExitReason> Gone { get; private set; } = exited;

    /// <summary>Binds the child's pipe and lets the child inherit the listening socket: the pipe accepts connections before the child runs.</summary>
    public static ChildLink<TContract> Spawn(ProcessLauncher launcher, SpawnRequest request, string socket, TimeProvider time)
    {
        using var listener = PipeListener.Bind(socket);
        var child = launcher.Spawn(request with { Inherit = [new InheritedDescriptor(listener.Descriptor, 3)] });
        return new ChildLink<TContract>(child.Identity, child.TrySignal, child.Exited, socket, time).WithForcedExit();
    }

    /// <summary>Takes over a host that an earlier parent spawned; null: that process has ended.</summary>
    public static ChildLink<TContract>? TryAdopt(ProcessIdentity identity, string socket, TimeProvider time)
    {
        if (ForeignProcess.TryOpen(identity) is not { } process)
            return null;

        async Task<ExitReason> GoneAsync()
        {
            using (process)
                await process.Gone;

            return new ExitReason.Lost();
        }

        return new ChildLink<TContract>(identity, process.TrySignal, GoneAsync(), socket, time).WithForcedExit();
    }

    /// <summary>Connects, exchanges hello and welcome, and serves the link from then on.</summary>
    /// <param name="rpc">The RPC channel of its pipe.</param>
    /// <param name="open">Registers the link's request handlers and attaches the child's contract.</param>
    /// <exception cref="TimeoutException">No welcome within the time.</exception>
    public async Task<TWelcome> ConnectAsync<TWelcome>(
        Func<Stream, Stream> rpc, Func<RpcLink, TContract> open, Func<TContract, CancellationToken, Task<TWelcome>> hello, TimeSpan within, Func<string, Task> ended)
    {
        var stream = await PipeClient.ConnectAsync(socket, within, time, CancellationToken.None);
        var link = new RpcLink(rpc(stream), Formatters.Internal(), time);
        _connection = new Connection(link, open(link));
        _serving = ServeAsync(link, ended);

        try
        {
            return await CallAsync("hello", hello, within, CancellationToken.None);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <param name="what">The call's name, for people.</param>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    /// <exception cref="LinkEndedException">There is no link, or it ended before the answer.</exception>
    /// <exception cref="RemoteRpcException">It was answered with an error.</exception>
    public async Task<TResult> CallAsync<TResult>(
        string what, Func<TContract, CancellationToken, Task<TResult>> call, TimeSpan within, CancellationToken cancellationToken)
    {
        var (link, child) = _connection ?? throw new LinkEndedException("there is no link");
        return await link.CallAsync(what, token => call(child, token), within, cancellationToken);
    }

    /// <summary>Closes the link; its end is not reported.</summary>
    public async Task CloseAsync()
    {
        _closing = true;

        if (_connection is { } connection)
            await connection.Link.DisposeAsync();

        await _serving;
    }

    public bool TrySignal(int number) => signal(number);

    /// <summary>Continues a stopped process (SIGSTOP, a debugger that detached). true: it was stopped.</summary>
    public bool TryContinue() => ProcessStatistics.RunState(Pid) == 'T' && signal(Signals.Continue);

    /// <summary>Returns once the process has ended, at the latest after 5 s.</summary>
    public async Task KillAsync()
    {
        signal(Signals.Kill);
        await ExitsWithinAsync(KillTimeout);
        _gone.TrySetResult(new ExitReason.Lost());
    }

    /// <summary>false: the process still runs.</summary>
    public async Task<bool> ExitsWithinAsync(TimeSpan within)
    {
        try
        {
            await Gone.WaitAsync(within, time, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private ChildLink<TContract> WithForcedExit()
    {
        var process = Gone;
        Gone = Task.WhenAny(process, _gone.Task).Unwrap();
        return this;
    }

    /// <summary>A dying process closes its links shortly before it can be reaped. Its exit then explains more than the end of the link.</summary>
    public Task<bool> IsDyingAsync() => ExitsWithinAsync(ReapTimeout);

    private async Task ServeAsync(RpcLink link, Func<string, Task> ended)
    {
        var why = await link.RunAsync(CancellationToken.None);

        if (!_closing && !await IsDyingAsync())
            await ended(why);
    }

    private sealed record Connection(RpcLink Link, TContract Child);
}
