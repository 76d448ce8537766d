using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Running;

/// <summary>Passes each effect to the class that carries it out. Called by the loop; neither blocks nor throws.</summary>
internal sealed class EffectRunner
{
    private readonly Recorder _recorder;
    private readonly OpenTickets _tickets;
    private readonly PreflightCommands _preflight;

    public EffectRunner(RunSetup setup, Recorder recorder, OpenTickets tickets, BackgroundTasks backgroundTasks)
    {
        _recorder = recorder;
        _tickets = tickets;
        var commands = new CommandRunner(setup.Launcher, setup.Scopes, setup.Time);
        Server = new ServerRunner(setup, commands, backgroundTasks, hostEvent => Post(hostEvent));
        _preflight = new PreflightCommands(setup, commands, backgroundTasks, hostEvent => Post(hostEvent));
    }

    public ServerRunner Server { get; }

    /// <summary>Receives the outcomes as events; set once, before the loop runs.</summary>
    public Func<HostEvent, Task> Post { get; set; } = _ => Task.CompletedTask;

    public void Begin(Effect effect)
    {
        switch (effect)
        {
            case Effect.Start start:
                Server.Start(start.Attempt);
                break;
            case Effect.Drain(var generation):
                Server.Drain(generation);
                break;
            case Effect.KillNow(var generation):
                Server.KillNow(generation);
                break;
            case Effect.RunStopCommand:
                Server.RunStopCommand();
                break;
            case Effect.KillStopCommand:
                Server.KillStopCommand();
                break;
            case Effect.SendSignal(var generation, var signal):
                Server.Signal(generation, signal);
                break;
            case Effect.CheckPort:
                Server.CheckPort();
                break;
            case Effect.CheckLack:
                Server.CheckLack();
                break;
            case Effect.Build(var number):
                _preflight.Builds.Begin(number, Server.Current?.Port);
                break;
            case Effect.CancelBuild(var number):
                _preflight.Builds.Cancel(number);
                break;
            case Effect.Validate(var number):
                _preflight.Validations.Begin(number, Server.Current?.Port);
                break;
            case Effect.CancelValidation(var number):
                _preflight.Validations.Cancel(number);
                break;
            case Effect.WriteLedger(var entry, var ended):
                _recorder.WriteEntry(entry, ended);
                break;
            case Effect.CompleteTicket(var ticket, var outcome):
                _tickets.Complete(ticket, outcome);
                break;
            default:
                // Effect.Shutdown ends the loop itself.
                break;
        }
    }
}
