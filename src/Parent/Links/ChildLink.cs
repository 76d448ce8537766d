namespace Supervisor.Parent.Links;

/// <summary>One run of one process of ours, and the link to it. Thread-safe. Ends with the process, not with the link.</summary>
internal sealed class ChildLink<TContract>(ProcessIdentity identity, Func<int, bool> signal, Task<ExitReason> exited, string socket, TimeProvider time)
{
    /// <summary>The kernel needs milliseconds for a killed process; one that hangs in a driver is left to its fate after this.</summary>
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ToBeReaped = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource<ExitReason> _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Greeted? _greeted;
    private Task _serving = Task.CompletedTask;
    private volatile bool _hangingUp;

    public ProcessIdentity Identity => identity;

    public int Pid => identity.Pid;

    /// <summary>What /proc says of it, for the log of a suspicion.</summary>
    public string Evidence => $"state {ProcessStatistics.RunState(Pid)}, {ProcessStatistics.CpuTime(Pid)} of processor time: {ProcessStatistics.Describe(Pid)}";

    /// <summary>The process has ended, or was killed and left to its fate.</summary>
    public Task<ExitReason> Gone { get; private set; } = exited;

    /// <summary>Binds the child's pipe and lets it inherit the listening socket: it can be dialled before it runs.</summary>
    public static ChildLink<TContract> Spawn(ProcessLauncher launcher, SpawnRequest request, string socket, TimeProvider time)
    {
        using var listener = PipeListener.Bind(socket);
        var child = launcher.Spawn(request with { Inherit = [new InheritedDescriptor(listener.Descriptor, 3)] });
        return new ChildLink<TContract>(child.Identity, child.TrySignal, child.Exited, socket, time).Watched();
    }

    /// <summary>A host that an earlier parent spawned; null: that run of it has ended.</summary>
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

        return new ChildLink<TContract>(identity, process.TrySignal, GoneAsync(), socket, time).Watched();
    }

    /// <summary>Dials, says hello, and serves the link from then on.</summary>
    /// <param name="rpc">The RPC channel of its pipe.</param>
    /// <param name="open">Adds to the link what is answered on it, and attaches the child's contract.</param>
    /// <exception cref="TimeoutException">No welcome within the time.</exception>
    public async Task<TWelcome> GreetAsync<TWelcome>(
        Func<Stream, Stream> rpc, Func<RpcLink, TContract> open, Func<TContract, CancellationToken, Task<TWelcome>> hello, TimeSpan within, Func<string, Task> ended)
    {
        var stream = await PipeClient.ConnectAsync(socket, within, time, CancellationToken.None);
        var link = new RpcLink(rpc(stream), Formatters.Internal(), time);
        _greeted = new Greeted(link, open(link));
        _serving = ServeAsync(link, ended);

        try
        {
            return await CallAsync("hello", hello, within, CancellationToken.None);
        }
        catch
        {
            await HangUpAsync();
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
        var (link, child) = _greeted ?? throw new LinkEndedException("there is no link");
        return await link.CallAsync(what, token => call(child, token), within, cancellationToken);
    }

    /// <summary>Ends the link for good; its end is not reported.</summary>
    public async Task HangUpAsync()
    {
        _hangingUp = true;

        if (_greeted is { } greeted)
            await greeted.Link.DisposeAsync();

        await _serving;
    }

    public bool TrySignal(int number) => signal(number);

    /// <summary>Somebody stopped it (SIGSTOP, a debugger that went away): it is woken. true: it was stopped.</summary>
    public bool TryWake() => ProcessStatistics.RunState(Pid) == 'T' && signal(Signals.Continue);

    /// <summary>Returns once it is gone, after at most 5 s in any case.</summary>
    public async Task KillAsync()
    {
        signal(Signals.Kill);
        await LeaveWithinAsync(ToDie);
        _gone.TrySetResult(new ExitReason.Lost());
    }

    /// <summary>false: it is still there.</summary>
    public async Task<bool> LeaveWithinAsync(TimeSpan within)
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

    private ChildLink<TContract> Watched()
    {
        var process = Gone;
        Gone = Task.WhenAny(process, _gone.Task).Unwrap();
        return this;
    }

    /// <summary>A process that dies closes its links some moments before it can be reaped: then its exit says more than the link's end.</summary>
    public Task<bool> IsDyingAsync() => LeaveWithinAsync(ToBeReaped);

    private async Task ServeAsync(RpcLink link, Func<string, Task> ended)
    {
        var why = await link.RunAsync(CancellationToken.None);

        if (!_hangingUp && !await IsDyingAsync())
            await ended(why);
    }

    private sealed record Greeted(RpcLink Link, TContract Child);
}
