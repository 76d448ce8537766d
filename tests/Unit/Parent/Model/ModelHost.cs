using Supervisor.Host.StateMachine;
using Supervisor.Unit.Host;

namespace Supervisor.Unit.Parent.Model;

/// <summary>A host process: the real state machine of a host, with a simulated server. It keeps the promises of the machine's effects, at any later time.</summary>
internal sealed class ModelHost(ServiceSpec spec, string specHash, Mail mail, Func<int> nextPid, Func<bool> isCodeBroken, Action<ModelHost> changed, Action<ModelHost> exited)
{
    private readonly HostDriver _driver = new(spec);
    private readonly Dictionary<long, (Action<ServiceOutcome> Answered, Action Lost)> _open = [];
    private long _tickets;
    private long _number;
    private int _generation;

    public string SpecHash => specHash;

    public bool IsDead { get; private set; }

    /// <summary>The process of the server that runs, orphans of a dead host included.</summary>
    public int? Server { get; private set; }

    public ServiceStatus Status => _driver.Status with { Number = _number };

    private (ServicePhase, int?, bool, string?) Visible => (_driver.Status.State, _driver.Status.Pid, _driver.Status.Stale, _driver.Status.Reason);

    public HostState State => _driver.State;

    /// <summary>Calls without an answer.</summary>
    public int OpenCalls => _open.Count;

    public void On(HostEvent happened)
    {
        if (IsDead)
            return;

        var before = Visible;
        _driver.On(happened);

        foreach (var effect in _driver.Effects)
            Begin(effect);

        if (Visible == before)
            return;

        _number++;
        changed(this);
    }

    /// <summary>It reports after every such request, whether something is new or not.</summary>
    public void Start(Cause cause)
    {
        if (IsDead)
            return;

        On(new HostEvent.StartRequested(cause));
        _number++;
        changed(this);
    }

    /// <param name="lost">The host ends before it answers.</param>
    public void Call(Func<long, HostEvent> request, Action<ServiceOutcome> answered, Action? lost = null)
    {
        var call = (answered, lost ?? (() => { }));

        if (IsDead)
        {
            call.Item2();
            return;
        }

        _open[++_tickets] = call;
        On(request(_tickets));
    }

    /// <summary>Nobody waits for the answers any more.</summary>
    public void LoseCalls()
    {
        var lost = _open.Values.ToList();
        _open.Clear();
        lost.ForEach(call => call.Lost());
    }

    public void Pass(TimeSpan time)
    {
        _driver.Later(time.TotalSeconds);
        On(new HostEvent.DeadlinePassed());
    }

    public void KillServer() => EndServer(_driver.State.Run()?.Generation);

    public void Die()
    {
        IsDead = true;
        LoseCalls();
        mail.Lose(message => message.Route == Route.Host && message.Service == spec.Name);
    }

    /// <summary>Kills what the dead host has left.</summary>
    public void Clear()
    {
        Die();
        Server = null;
    }

    private void Begin(Effect effect)
    {
        switch (effect)
        {
            case Effect.Start(var attempt):
                var pid = nextPid();
                Later($"{spec.Name}: process {pid} is spawned", () => Spawned(attempt.Generation, pid));
                break;
            case Effect.Drain(var generation):
                Later($"{spec.Name}: its server ends", () => EndServer(generation));
                break;
            case Effect.Validate(var number):
                Later($"{spec.Name}: it is validated", () => On(isCodeBroken() ? new HostEvent.ValidationRefused(number, "SyntaxError") : new HostEvent.ValidationPassed(number)));
                break;
            case Effect.CompleteTicket(var ticket, var outcome):
                if (_open.Remove(ticket, out var call))
                    call.Answered(outcome);
                break;
            case Effect.Shutdown:
                Server.Should().BeNull("a host exits after its server");
                Die();
                exited(this);
                break;
        }
    }

    private void Spawned(int generation, int pid)
    {
        Server.Should().BeNull("there is one server at a time");
        (Server, _generation) = (pid, generation);
        On(new HostEvent.Spawned(generation, pid, Port: null));
        Later($"{spec.Name}: process {pid} is ready", () => On(new HostEvent.ProbeSucceeded(generation)));
    }

    private void EndServer(int? generation)
    {
        // Somebody else has killed it meanwhile.
        if (Server is null || generation != _generation)
            return;

        Server = null;
        var exit = new ServerExit(new ExitStatus(ExitKind.Signal, null, "SIGKILL", VirtualTime.Noon), "killed by SIGKILL", _driver.Now);
        On(new HostEvent.ServerExited(_generation, exit));
    }

    private void Later(string text, Action arrive) => mail.Send(new Message(text, Route.Host, spec.Name, Queue: null, arrive));
}
