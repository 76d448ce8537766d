using System.Diagnostics.CodeAnalysis;
using Supervisor.Host.Ports;
using Supervisor.Host.Probing;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>Carries out the effects that concern the server process. At most one server runs; effects for an earlier one do nothing.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing that must be freed.")]
internal sealed class ServerRunner(RunSetup setup, CommandRunner commands, BackgroundTasks backgroundTasks, Func<HostEvent, Task> post)
{
    private readonly StopCommand _stopCommand = new(setup, commands);
    private volatile ServerProcess? _current;

    // Of the newest server; null: this host has started none.
    private volatile ServiceSpec? _started;
    private CancellationTokenSource _killStopCommand = new();

    /// <summary>The server that runs now; null: none.</summary>
    public ServerProcess? Current => _current;

    public void Start(StartAttempt attempt) => backgroundTasks.Start(() => StartAsync(attempt));

    public void CheckPort() =>
        backgroundTasks.Start(() => post(new HostEvent.PortChecked(setup.Spec.Port is { } port ? PortHolders.Find(port) : null)));

    public void CheckLack() => backgroundTasks.Start(() => post(new HostEvent.LackChecked(setup.Configuration.FindLack())));

    public void Drain(int generation) => Of(generation)?.Drain();

    public void KillNow(int generation) => Of(generation)?.KillNow();

    /// <summary>Only the loop calls it, and only while none runs.</summary>
    public void RunStopCommand()
    {
        _killStopCommand = new CancellationTokenSource();
        var killNow = _killStopCommand.Token;
        var spec = _started ?? setup.Spec;
        backgroundTasks.Start(async () => await post(new HostEvent.StopCommandEnded(await _stopCommand.RunAsync(spec, spec.Port, pid: null, killNow))));
    }

    /// <summary>Only the loop calls it.</summary>
    public void KillStopCommand() => _killStopCommand.Cancel();

    public void Signal(int generation, int signal)
    {
        switch (Of(generation))
        {
            case { HasShell: true } server:
                backgroundTasks.Start(() => server.SignalUnderShellAsync(signal));
                break;

            case { } server:
                server.Signal(signal);
                break;
        }
    }

    private ServerProcess? Of(int generation) => _current is { } server && server.Attempt.Generation == generation ? server : null;

    private async Task StartAsync(StartAttempt attempt)
    {
        switch (setup.Configuration.ReadForStart())
        {
            case PresentConfiguration.Usable(var spec):
                await StartAsync(attempt, spec);
                break;

            case PresentConfiguration.Unusable(var reason):
                await post(new HostEvent.Lacking(attempt.Generation, reason));
                break;
        }
    }

    private async Task StartAsync(StartAttempt attempt, ServiceSpec spec)
    {
        switch (await new PortCheck(spec, () => setup.Scopes.Tagged(leader: null), setup.Time).BeforeStartAsync())
        {
            case PortCheckResult.Free(var port):
                await RunAsync(attempt, spec, port);
                break;

            case PortCheckResult.Taken(var holder):
                await post(new HostEvent.PortTaken(attempt.Generation, holder));
                break;
        }
    }

    private async Task RunAsync(StartAttempt attempt, ServiceSpec spec, int? port)
    {
        try
        {
            await using var notify = NotifySocket.IsWanted(spec)
                ? NotifySocket.Bind(NotifyPath(attempt.Generation), text => post(new HostEvent.StatusTold(attempt.Generation, text)))
                : null;
            var probes = new ProbeFactory(spec, commands, setup.Output, notify);
            var ready = probes.Ready(port);
            using var listening = ready.OfType<OutputLineProbe>().SingleOrDefault();
            using var server = ServerProcess.Start(setup, notify?.For(spec) ?? spec, attempt, port, _stopCommand);
            _started = spec;
            await RunAsync(server, spec, ready, probes.Health(port));
        }
        catch (SpawnException failure)
        {
            await post(new HostEvent.SpawnFailed(attempt.Generation, failure.Kind == SpawnFailure.Transient, failure.Message));
        }
    }

    // No longer than the path of the pipe, which fits; and not that of the run before, which may still be removed.
    private string NotifyPath(int generation) => Path.ChangeExtension(setup.PipePath, $".n{generation % 100}");

    private async Task RunAsync(ServerProcess server, ServiceSpec spec, IReadOnlyList<IProbe> ready, IProbe? healthy)
    {
        var generation = server.Attempt.Generation;
        _current = server;
        await post(new HostEvent.Spawned(generation, server.Identity.Pid, server.Port, server.Instance.StartedAt));

        // Only after that event: the loop would ignore the result of a probe for a run that it does not know.
        var prober = ready.Count == 0 ? null : new Prober(
            ready, spec.Ready!.Pace ?? ProbePace.Default, () => post(new HostEvent.ProbeSucceeded(generation)),
            reason => post(new HostEvent.ProbeFailed(generation, reason)), setup.Time);
        server.BeginProbing(ending => ProbeAsync(server, prober, healthy, spec.Health, ending));

        var exit = await server.RunAsync();
        _current = null;

        // A task may be ready and done at once. After a failure it does not matter.
        if (prober is not null && exit.IsSuccess)
            await prober.ReportLastWordsAsync();

        await post(new HostEvent.ServerExited(generation, exit));
    }

    /// <summary>Its health does not matter before it is ready.</summary>
    private async Task ProbeAsync(ServerProcess server, Prober? prober, IProbe? healthy, HealthSpec? health, CancellationToken ending)
    {
        var generation = server.Attempt.Generation;

        if (prober is not null)
            await prober.RunAsync(ending);

        if (healthy is not null && health is not null)
        {
            await new HealthProber(
                health, healthy, () => setup.Terminal is { HasTypist: true } || HeldProcesses.Any(server.Members()),
                (reason, since) => post(new HostEvent.HealthFailed(generation, reason, since)), () => post(new HostEvent.HealthPassed(generation)), setup.Time)
                .RunAsync(ending);
        }
    }
}
