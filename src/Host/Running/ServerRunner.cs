using Supervisor.Host.Ports;
using Supervisor.Host.Probing;
using Supervisor.Host.Serving;
using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>Carries out what concerns the server process. There is at most one at any time; effects about an earlier one do nothing.</summary>
internal sealed class ServerRunner(RunSetup setup, ScopedCommand commands, Undertakings undertakings, Func<HostEvent, Task> post)
{
    private readonly ProbeMaker _probes = new(setup.Spec, commands, setup.Output);
    private readonly PortCheck _ports = new(setup.Spec, () => setup.Scopes.Marked(leader: null), setup.Time);
    private volatile ServerProcess? _current;

    /// <summary>The server that runs now, if one does.</summary>
    public ServerProcess? Current => _current;

    public void Start(Launch launch) => undertakings.Begin(() => StartAsync(launch));

    public void LookAtPort() =>
        undertakings.Begin(() => post(new HostEvent.PortSeen(setup.Spec.Port is { } port ? PortOwners.Find(port) : null)));

    public void Drain(int generation) => Of(generation)?.Drain();

    public void KillNow(int generation) => Of(generation)?.KillNow();

    public void Signal(int generation, int signal) => Of(generation)?.Signal(signal);

    private ServerProcess? Of(int generation) => _current is { } server && server.Launch.Generation == generation ? server : null;

    private async Task StartAsync(Launch launch)
    {
        switch (await _ports.BeforeStartAsync())
        {
            case PortVerdict.Free(var port):
                await RunAsync(launch, port);
                break;

            case PortVerdict.Taken(var holder):
                await post(new HostEvent.PortTaken(launch.Generation, holder));
                break;
        }
    }

    private async Task RunAsync(Launch launch, int? port)
    {
        var probe = _probes.For(port);
        using var listening = probe as IDisposable;
        ServerProcess server;

        try
        {
            server = ServerProcess.Start(setup, launch, port);
        }
        catch (SpawnException failure)
        {
            await post(new HostEvent.LaunchFailed(launch.Generation, failure.Kind == SpawnFailure.Transient, failure.Message));
            return;
        }

        using (server)
        {
            _current = server;
            await post(new HostEvent.Launched(launch.Generation, server.Identity.Pid, port));

            // After that event: an answer about a run that the loop has not heard of would be lost.
            if (probe is not null)
                server.BeginProbing(ending => new Prober(probe, OnReady, OnMissed, setup.Time).RunAsync(ending));

            var end = await server.RunAsync();
            _current = null;
            await post(new HostEvent.Died(launch.Generation, end));
        }

        Task OnReady() => post(new HostEvent.ProbeSucceeded(launch.Generation));
        Task OnMissed(string reason) => post(new HostEvent.ProbeMissed(launch.Generation, reason));
    }
}
