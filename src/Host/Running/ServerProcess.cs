using Supervisor.Host.Output;
using Supervisor.Host.Ports;
using Supervisor.Host.Serving;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>
/// One run of the dev server, from its spawn until everything that it started is gone and its output has been read. Whoever started it awaits
/// <see cref="RunAsync"/> exactly once; the other members are thread-safe and harmless when the run is over.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    private readonly RunSetup _setup;
    private readonly Child _child;
    private readonly ProcessScope _scope;
    private readonly OutputPipes _pipes;
    private readonly OutputPump _pump;
    private readonly TaskCompletionSource _drainAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _killNow = new();
    private readonly CancellationTokenSource _ending = new();
    private volatile bool _overMemory;
    private Task _probing = Task.CompletedTask;

    private ServerProcess(RunSetup setup, Launch launch, int? port, Child child, ProcessScope scope, OutputPipes pipes)
    {
        _setup = setup;
        Launch = launch;
        Port = port;
        _child = child;
        _scope = scope;
        _pipes = pipes;
        _pump = OutputPump.Start(pipes, setup.Output, setup.Time);
    }

    public Launch Launch { get; }

    public int? Port { get; }

    public ProcessIdentity Identity => _child.Identity;

    /// <exception cref="SpawnException">It could not be started; nothing was.</exception>
    public static ServerProcess Start(RunSetup setup, Launch launch, int? port)
    {
        var (spec, scope) = (setup.Spec, setup.Scopes.Server());
        var pipes = OutputPipes.Create(large: true);

        try
        {
            var child = setup.Launcher.Spawn(new SpawnRequest(spec.Command, spec.WorkingDirectory, ServerEnvironment.For(spec, scope.Tag, port))
            {
                StandardOutput = pipes.OutputWrite,
                StandardError = pipes.ErrorWrite,
                Scope = scope,
                Confinement = setup.Limits.Confinement,
            });

            pipes.CloseWriteEnds();
            return new ServerProcess(setup, launch, port, child, scope, pipes);
        }
        catch (SpawnException)
        {
            pipes.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the server and everything that it started are gone.</summary>
    public async Task<ServerEnd> RunAsync()
    {
        var killsBefore = _setup.Limits.OomKills();
        await Task.WhenAny(_child.Exited, _drainAsked.Task);

        var asked = _drainAsked.Task.IsCompleted;
        var exitedAt = asked ? (TimeSpan?)null : Moment.Now(_setup.Time).Monotonic;
        await _ending.CancelAsync();
        await _probing;

        var survivors = asked ? await StopAsync() : await KillTheRestAsync();
        await _pump.DrainAsync(DrainTime);

        var exit = _child.Exited.IsCompleted ? await _child.Exited : new ExitReason.Lost();
        var status = ExitWords.Status(exit, _setup.Time.GetUtcNow());
        var holder = asked || exit.IsSuccess || Port is not { } port ? null : PortOwners.Find(port);

        return new ServerEnd(
            status, exit.Describe(), exitedAt ?? Moment.Now(_setup.Time).Monotonic, _overMemory || _setup.Limits.OomKills() > killsBefore, holder, survivors);
    }

    /// <summary>Asks the server whether it is ready until it is to end or has ended; the run awaits the asking. Once a run.</summary>
    public void BeginProbing(Func<CancellationToken, Task> probe) => _probing = _ending.IsCancellationRequested ? Task.CompletedTask : probe(_ending.Token);

    public void Drain() => _drainAsked.TrySetResult();

    public void KillNow() => _killNow.Cancel();

    public void Signal(int signal) => _child.TrySignal(signal);

    /// <summary>The memory cap has been exceeded where no kernel enforces it, or the kernel has killed only a part: the whole goes.</summary>
    public void KillForMemory()
    {
        _overMemory = true;
        _scope.Signal(Signals.Kill);
    }

    public IReadOnlyList<int> Members() => _scope.Members();

    public void Dispose()
    {
        _pump.Dispose();
        _pipes.Dispose();
        _killNow.Dispose();
        _ending.Dispose();
    }

    private async Task<IReadOnlyList<int>> StopAsync()
    {
        var stop = _setup.Spec.Stop;
        var report = await StopSequence.RunAsync(_child, _scope, stop.Signal, stop.Grace, _setup.Time, _killNow.Token);
        return report.Survivors;
    }

    /// <summary>What a server leaves behind when it ends by itself is not the service: it would hold the port against the next one.</summary>
    private async Task<IReadOnlyList<int>> KillTheRestAsync() =>
        _scope.IsEmpty() || await _scope.KillAsync(StopSequence.KillDeadline, _setup.Time) ? [] : _scope.Members();
}
