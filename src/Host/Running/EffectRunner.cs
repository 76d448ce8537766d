using Supervisor.Host.Records;
using Supervisor.Host.Serving;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Running;

/// <summary>Hands each effect to the room that carries it out. The loop calls it; it neither blocks nor throws.</summary>
internal sealed class EffectRunner
{
    private readonly Recorder _recorder;
    private readonly TicketDesk _tickets;
    private readonly ValidationRunner _validations;

    public EffectRunner(RunSetup setup, Recorder recorder, TicketDesk tickets, Undertakings undertakings)
    {
        _recorder = recorder;
        _tickets = tickets;
        var commands = new ScopedCommand(setup.Launcher, setup.Scopes, setup.Spec, setup.Time);
        Server = new ServerRunner(setup, commands, undertakings, happened => Post(happened));
        _validations = new ValidationRunner(setup, commands, undertakings, happened => Post(happened));
    }

    public ServerRunner Server { get; }

    /// <summary>Where outcomes go; set once, before the loop runs.</summary>
    public Func<HostEvent, Task> Post { get; set; } = _ => Task.CompletedTask;

    public void Begin(Effect effect)
    {
        switch (effect)
        {
            case Effect.Start start:
                Server.Start(start.Launch);
                break;
            case Effect.Drain(var generation):
                Server.Drain(generation);
                break;
            case Effect.KillNow(var generation):
                Server.KillNow(generation);
                break;
            case Effect.SendSignal(var generation, var signal):
                Server.Signal(generation, signal);
                break;
            case Effect.LookAtPort:
                Server.LookAtPort();
                break;
            case Effect.Validate(var number):
                _validations.Begin(number, Server.Current?.Port);
                break;
            case Effect.CancelValidation(var number):
                _validations.Cancel(number);
                break;
            case Effect.Note(var entry):
                _recorder.Note(entry);
                break;
            case Effect.Answer(var ticket, var outcome):
                _tickets.Answer(ticket, outcome);
                break;
            default:
                // Leave is the loop's own end.
                break;
        }
    }
}
