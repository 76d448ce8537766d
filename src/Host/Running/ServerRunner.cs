using Supervisor.Host.Ports;
using Supervisor.Host.Probing;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>Carries out the effects that concern the server process. At most one server runs; effects for an earlier one do nothing.</summary>
internal sealed class ServerRunner(RunSetup setup, CommandRunner commands, BackgroundTasks backgroundTasks, Func<HostEvent, Task> post)
{
    private volatile ServerProcess? _current;

    /// <summary>The server that runs now; null: none.</summary>
    public ServerProcess? Current => _current;

    public void Start(StartAttempt attempt) => backgroundTasks.Start(() => StartAsync(attempt));

    public void CheckPort() =>
        backgroundTasks.Start(() => post(new HostEvent.PortChecked(setup.Spec.Port is { } port ? PortHolders.Find(port) : null)));

    public void Drain(int generation) => Of(generation)?.Drain();

    public void KillNow(int generation) => Of(generation)?.KillNow();

    public void Signal(int generation, int signal) => Of(generation)?.Signal(signal);

    private ServerProcess? Of(int generation) => _current is { } server && server.Attempt.Generation == generation ? server : null;

    private async Task StartAsync(StartAttempt attempt)
    {
        switch (setup.Configuration.ReadForStart())
        {
            case PresentConfiguration.Usable(var spec):
                await StartAsync(attempt, spec);
                break;

            case PresentConfiguration.Unusable(var reason):
                await post(new HostEvent.SpawnFailed(attempt.Generation, Transient: false, reason));
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
        var probes = new ProbeFactory(spec, commands, setup.Output);
        var ready = probes.Ready(port);
        using var listening = ready.OfType<IDisposable>().SingleOrDefault();
        ServerProcess server;

        try
        {
            server = ServerProcess.Start(setup, spec, attempt, port);
        }
        catch (SpawnException failure)
        {
            await post(new HostEvent.SpawnFailed(attempt.Generation, failure.Kind == SpawnFailure.Transient, failure.Message));
            return;
        }

        using (server)
        {
            _current = server;
            await post(new HostEvent.Spawned(attempt.Generation, server.Identity.Pid, port));

            // Only after that event: the loop would ignore the result of a probe for a run that it does not know.
            server.BeginProbing(ending => ProbeAsync(server, ready, probes.Health(port), spec.Health, ending));

            var exit = await server.RunAsync();
            _current = null;
            await post(new HostEvent.ServerExited(attempt.Generation, exit));
        }
    }

    /// <summary>Its health does not matter before it is ready.</summary>
    private async Task ProbeAsync(ServerProcess server, IReadOnlyList<IProbe> ready, IProbe? healthy, HealthSpec? health, CancellationToken ending)
    {
        var generation = server.Attempt.Generation;

        if (ready.Count > 0)
        {
            await new Prober(
                ready, () => post(new HostEvent.ProbeSucceeded(generation)), reason => post(new HostEvent.ProbeFailed(generation, reason)), setup.Time)
                .RunAsync(ending);
        }

        if (healthy is not null && health is not null)
        {
            await new HealthProber(
                health, healthy, () => HeldProcesses.Any(server.Members()),
                (reason, since) => post(new HostEvent.HealthFailed(generation, reason, since)), () => post(new HostEvent.HealthPassed(generation)), setup.Time)
                .RunAsync(ending);
        }
    }
}
