using Supervisor.Configuration.Shell;
using Supervisor.Host.Output;
using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>
/// One run of the dev server, from its spawn until all its processes are gone and its output has been read. The starter awaits <see cref="RunAsync"/>
/// exactly once; the other members are thread-safe and do nothing after the run.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan OutputDrainTimeout = TimeSpan.FromMilliseconds(500);

    private readonly RunSetup _setup;
    private readonly Child _child;
    private readonly ProcessScope _scope;
    private readonly ServerStreams _streams;
    private readonly OutputPump _pump;
    private readonly TaskCompletionSource _drainRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _killNow = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly long _outputBefore;
    private readonly int _killsBefore;
    private long _peakBytes;
    private volatile bool _wasKilledForMemory;
    private Task _probing = Task.CompletedTask;

    private ServerProcess(RunSetup setup, StartAttempt attempt, int? port, Child child, ProcessScope scope, ServerStreams streams, int killsBefore)
    {
        _setup = setup;
        Attempt = attempt;
        Port = port;
        _child = child;
        _scope = scope;
        _streams = streams;
        _outputBefore = setup.Output.Ring.Newest;
        _killsBefore = killsBefore;
        _pump = streams.Pump(setup.Output, setup.Time);
    }

    public StartAttempt Attempt { get; }

    public int? Port { get; }

    /// <summary>The main process may be a shell that stays above the server.</summary>
    public bool HasShell { get; private init; }

    public ProcessIdentity Identity => _child.Identity;

    public PersistedHostState.ServerInstance Instance => new(_child.Identity, _child.StartedAt, PeakBytes);

    /// <summary>With the env files as they were at the start.</summary>
    public required ServiceSpec Spec { get; init; }

    public required StopCommand StopCommand { get; init; }

    /// <param name="spec">With the env files as they are now.</param>
    /// <exception cref="SpawnException">The server could not be started; no process exists.</exception>
    public static ServerProcess Start(RunSetup setup, ServiceSpec spec, StartAttempt attempt, int? port, StopCommand stopCommand)
    {
        var scope = setup.Scopes.Server();
        var streams = ServerStreams.Create(setup, spec, scope.Tag, port);
        var killsBefore = setup.Limits.OomKills();

        try
        {
            var child = setup.Launcher.Spawn(streams.Request(spec) with { Scope = scope, Confinement = setup.Limits.Confinement });
            streams.Started();

            // Before the first line of the server, which is read from now on.
            if (ViewerLines.Started(spec, attempt.Cause, child.Identity.Pid) is { } line)
                setup.Output.WriteHostLines(line);

            return new ServerProcess(setup, attempt, port, child, scope, streams, killsBefore)
            {
                HasShell = ShellCommand.HasShell(spec.Command), Spec = spec, StopCommand = stopCommand,
            };
        }
        catch (SpawnException)
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the server and all processes that it started are gone.</summary>
    public async Task<ServerExit> RunAsync()
    {
        await Task.WhenAny(_child.Exited, _drainRequested.Task);

        var isRequested = _drainRequested.Task.IsCompleted;
        var exitedAt = isRequested ? (TimeSpan?)null : Timestamp.Now(_setup.Time).Monotonic;
        await _ending.CancelAsync();
        await _probing;

        var commandRemark = isRequested ? await RunStopCommandAsync() : null;
        var stop = isRequested ? await StopAsync() : null;
        var survivors = stop?.Survivors ?? await KillTheRestAsync();
        await _pump.DrainAsync(OutputDrainTimeout);
        _streams.Ended();

        var exit = _child.Exited.IsCompleted ? OfServer(await _child.Exited) : new ExitReason.Lost();
        var status = ToStatus(exit, _setup.Time.GetUtcNow());
        var holder = isRequested || exit.IsSuccess || Port is not { } port ? null : PortHolders.Find(port);

        return new ServerExit(
            status, exit.Describe(), exitedAt ?? Timestamp.Now(_setup.Time).Monotonic, MemoryKillOf(exit), holder, survivors,
            _setup.Output.Ring.LastServerLines(_outputBefore, OutputRing.EvidenceLines, OutputRing.EvidenceLineBytes), Math.Max(Volatile.Read(ref _peakBytes), _child.PeakResidentBytes ?? 0) is > 0 and var peak ? peak : null)
        {
            StopRemark = stop is null ? null : StopText.Join(commandRemark, StopText.Of(exit, stop, Spec.Stop, _killNow.IsCancellationRequested)),
        };
    }

    /// <summary>Probes the server until it ends or is to end; the run awaits the prober. Call once per run.</summary>
    public void BeginProbing(Func<CancellationToken, Task> probe) => _probing = _ending.IsCancellationRequested ? Task.CompletedTask : probe(_ending.Token);

    public void Drain() => _drainRequested.TrySetResult();

    public void KillNow() => _killNow.Cancel();

    public void Signal(int signal) => _child.TrySignal(signal);

    /// <summary>Signals the server that runs below the shell. Reads /proc.</summary>
    public Task SignalUnderShellAsync(int signal)
    {
        if (!_scope.SignalUnderShell(_child, signal))
            _setup.Output.WriteHostLines($"{HostLines.Warning}{Signals.Name(signal)} was not sent: the shell of the command has no server now");

        return Task.CompletedTask;
    }

    /// <summary>The kernel has killed a process of this run at the memory cap.</summary>
    public bool HasOomKill => _setup.Limits.OomKills() > _killsBefore;

    /// <summary>The highest sample; null before the first.</summary>
    private long? PeakBytes => Volatile.Read(ref _peakBytes) is > 0 and var peak ? peak : null;

    /// <summary>Keeps the highest sample. The sampler calls it.</summary>
    public void Sampled(long residentBytes) => Volatile.Write(ref _peakBytes, Math.Max(_peakBytes, residentBytes));

    /// <summary>For a memory cap that the kernel does not enforce, or when the kernel has killed only one process: kills the whole scope.</summary>
    public void KillForMemory()
    {
        _wasKilledForMemory = true;
        _scope.Signal(Signals.Kill);
    }

    public IReadOnlyList<int> Members() => _scope.Members();

    public void Dispose()
    {
        _pump.Dispose();
        _streams.Dispose();
        _killNow.Dispose();
        _ending.Dispose();
    }

    /// <summary>Returns once the server is gone, or is to get the signal: at the end of the grace period, and at once where the command has failed.</summary>
    /// <returns>What did not go as it should; null: nothing, or there is no such command.</returns>
    private async Task<string?> RunStopCommandAsync()
    {
        if (Spec.Stop.Command is null || _killNow.IsCancellationRequested)
            return null;

        var since = _setup.Time.GetTimestamp();

        if (await StopCommand.RunAsync(Spec, Port, Identity.Pid, _killNow.Token) is { } trouble)
            return trouble;

        await ((Task)_child.Exited).WaitAsync(Rest(), _setup.Time, _killNow.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        return _child.Exited.IsCompleted && await _scope.WaitEmptyAsync(Rest(), _setup.Time, _killNow.Token)
            ? null
            : $"it still ran {StatusText.Duration(Spec.Stop.Grace)} after its stop command began";

        TimeSpan Rest() => Spec.Stop.Grace - _setup.Time.GetElapsedTime(since) is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;
    }

    private Task<StopReport> StopAsync()
    {
        var stop = Spec.Stop;

        // A shell dies of the signal at once, while its server still ends in order.
        var restGrace = HasShell ? stop.Grace : StopSequence.RestGrace;
        return StopSequence.RunAsync(_child, _scope, stop.Signal, stop.Grace, restGrace, _setup.Time, _killNow.Token);
    }

    private ExitReason OfServer(ExitReason exit) => HasShell && _child.LastProgram == ShellCommand.ProgramName ? exit.OfProgramUnderShell() : exit;

    /// <summary>Kills the processes that a server leaves when it exits by itself: they would keep its port.</summary>
    private async Task<IReadOnlyList<int>> KillTheRestAsync() =>
        _scope.IsEmpty() || await _scope.KillAsync(StopSequence.KillDeadline, _setup.Time) ? [] : _scope.Members();

    private MemoryKill? MemoryKillOf(ExitReason exit) => (HasOomKill, _wasKilledForMemory) switch
    {
        (false, true) => MemoryKill.Sampled,
        (true, false) when exit is ExitReason.Signaled { Signal: Signals.Kill } => MemoryKill.MainProcess,
        (true, _) => MemoryKill.OtherProcess,
        _ => null,
    };

    private static ExitStatus ToStatus(ExitReason exit, DateTimeOffset at) => exit switch
    {
        ExitReason.Exited(var code) => new ExitStatus(ExitKind.Exit, code, Signal: null, at),
        ExitReason.Signaled(var signal, _) => new ExitStatus(ExitKind.Signal, Code: null, Signals.Name(signal), at),
        _ => new ExitStatus(ExitKind.Lost, Code: null, Signal: null, at),
    };
}
