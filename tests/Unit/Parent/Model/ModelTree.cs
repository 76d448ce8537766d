using Supervisor.Host.StateMachine;
using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using Supervisor.Supervision;
using Effect = Supervisor.Parent.Supervision.Effect;
using HostState = Supervisor.Parent.Supervision.HostState;

namespace Supervisor.Unit.Parent.Model;

/// <summary>
/// The real state machines of a parent and its hosts, and between them messages that arrive late: requests and reports of one link in their order, answers
/// and all else in any order. Deterministic.
/// </summary>
internal sealed partial class ModelTree
{
    private static readonly string[] Names = ["db", "web"];

    private readonly Mail _mail = new();
    private readonly Dictionary<string, ModelHost> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly List<ModelCommand> _commands = [];
    private readonly List<string> _story = [];
    private TestTree _parent;
    private Board _board;
    private int _pids;
    private int _tickets;

    public ModelTree()
    {
        _parent = TestTree.TreeOf(Names.Select(Service).ToArray());
        _board = NewBoard();
        Post(new TreeEvent.TimerElapsed());
    }

    /// <summary>What has happened, for people.</summary>
    public IReadOnlyList<string> Story => _story;

    public void Do(Act act)
    {
        if (act.Kind != ActKind.Deliver)
            _story.Add($"{act}");

        var service = act.Service;
        var host = _hosts.GetValueOrDefault(service);

        switch (act.Kind)
        {
            case ActKind.Deliver: _story.Add(_mail.DeliverOne(act.Choice) is { } text ? $"    {text}" : "    -"); break;
            case ActKind.Wait: Pass(TimeSpan.FromMilliseconds(act.Choice)); break;
            case ActKind.Start: Command(act, OutcomeRules.Started, new TreeEvent.StartRequested([service])); break;
            case ActKind.Stop: Command(act, OutcomeRules.Stopped, new TreeEvent.StopRequested([service], Now: false)); break;
            case ActKind.StopNow: Command(act, OutcomeRules.Stopped, new TreeEvent.StopRequested([service], Now: true)); break;
            case ActKind.Restart: Command(act, OutcomeRules.Restarted, new TreeEvent.RestartRequested([service], Force: false)); break;
            case ActKind.RestartForced: Command(act, OutcomeRules.Restarted, new TreeEvent.RestartRequested([service], Force: true)); break;
            case ActKind.RestartPastTheLoop: host?.Call(ticket => new HostEvent.RestartRequested(ticket, Force: false, Cause.Manual), _ => { }); break;
            case ActKind.Flush: Flush(act, host); break;
            case ActKind.Save: Begin(_parent.Batch(++_tickets, service)); break;
            case ActKind.BreakCode: _broken.Add(service); break;
            case ActKind.MendCode: _broken.Remove(service); break;
            case ActKind.Reload: Reload(); break;
            case ActKind.KillServer: host?.KillServer(); break;
            case ActKind.KillHost: KillHost(service, host); break;
            case ActKind.DropLink: DropLink(service); break;
            case ActKind.KillParent: KillParent(); break;
        }
    }

    /// <summary>Every message arrives and every deadline passes, until nothing happens any more; then everything must be as it was requested last.</summary>
    public void ComeToRest()
    {
        // Longer than the longest backoff, as often as a crash loop takes.
        for (var (step, quiet) = (0, 0); quiet < 45; step++)
        {
            step.Should().BeLessThan(20_000, "it comes to rest");
            quiet = _mail.IsEmpty ? quiet + 1 : 0;

            if (_mail.IsEmpty)
                Pass(TimeSpan.FromSeconds(1));
            else
                Do(new Act(ActKind.Deliver, "", 0));
        }

        _commands.Where(command => command.Outcome is null).Should().BeEmpty("every command has an outcome");

        foreach (var name in Names)
            CheckAtRest(_parent.Slot(name), _hosts.GetValueOrDefault(name));
    }

    private void CheckAtRest(HostSlot slot, ModelHost? host)
    {
        if (slot.Desired is DesiredState.Down)
        {
            slot.IsDown.Should().BeTrue("{0} was stopped: {1}", slot.Service, slot.State);
            (host?.Server).Should().BeNull("{0} was stopped", slot.Service);
            return;
        }

        if (slot.State is HostState.Linked { Activity: HostActivity.Idle or HostActivity.StartingAgain })
        {
            Dependencies.Unmet(slot.Service, _parent.Plan, _parent.State).Should().NotBeNull("{0} waits for something", slot.Service);
            return;
        }

        slot.State.Should().Match<HostState>(state => state is HostState.Linked && ((HostState.Linked)state).Activity is HostActivity.Serving, "{0} is to run", slot.Service);
        slot.Restart.Should().Match<RequestedRestart?>(restart => restart == null || restart is RequestedRestart.Answered, "no restart is left over");
        slot.Status.State.Should().Be(host!.Status.State, "the parent knows the state of {0}", slot.Service);
        slot.Status.State.Should().BeOneOf(ServicePhase.Ready, ServicePhase.Blocked, ServicePhase.CrashLoop);
        host.OpenCalls.Should().Be(0, "every call of a host is answered");
    }

    private static ServiceSpec Service(string name)
    {
        var spec = name == "web" ? TestTree.Service(name, ("db", DependencyCondition.Ready)) : TestTree.Service(name);
        spec = spec with { Ready = new ReadySpec.Tcp("127.0.0.1", 8000, TimeSpan.FromSeconds(60)) };
        return name == "web" ? spec with { Validate = new ValidateSpec(["check"], TimeSpan.FromSeconds(10), AtStart: true) } : spec;
    }

    private Board NewBoard() => new(new TreeStatus("/there/supervisor.json", 1, TestTree.Noon, "test", 0), _parent.State);

    private void Command(Act act, Func<string, StatusReport, TreeState, ServiceOutcome?> rule, TreeEvent request)
    {
        var command = new ModelCommand(act.Kind, act.Service, rule, _pids);
        var stops = act.Kind is ActKind.Stop or ActKind.StopNow;

        // A start of a dependant starts what it depends on, too.
        foreach (var earlier in _commands.Where(earlier => earlier.Outcome is null && (earlier.Service == act.Service || !stops)))
        {
            if (earlier.Kind is ActKind.Stop or ActKind.StopNow != stops)
                earlier.Contradiction = command;
        }

        _commands.Add(command);
        Post(request);
    }

    private void Flush(Act act, ModelHost? host)
    {
        if (host is null || host.IsDead || _parent.Slot(act.Service).State is not HostState.Linked)
            return;

        var command = new ModelCommand(act.Kind, act.Service, rule: null, _pids);
        _commands.Add(command);
        Request(act.Service, "flush", () => host.Call(
            ticket => new HostEvent.SettledRequested(ticket), outcome => Answer(act.Service, "flush", () => command.End(outcome), () => Lost(command)),
            () => Lost(command)), () => Lost(command));
    }

    private static void Lost(ModelCommand command)
    {
        if (command.Outcome is null)
            command.End(new ServiceOutcome(command.Service, false, "the link ended", null));
    }

    private void Post(TreeEvent happened) => Begin(_parent.Happens(happened));

    private void Begin(IReadOnlyList<Effect> effects)
    {
        _board.Show(_parent.State);

        foreach (var effect in effects)
            Begin(effect);

        foreach (var command in _commands.Where(command => command.Outcome is null).ToList())
        {
            command.Judge(_board, _parent.State);

            if (command.Outcome is { } outcome)
                CheckTruth(command, outcome);
        }
    }

    private void CheckTruth(ModelCommand command, ServiceOutcome outcome)
    {
        _story.Add($"  = {command}");

        if (outcome.Message.Contains("overtaken", StringComparison.Ordinal))
            command.Contradiction.Should().NotBeNull("only a later command overtakes: {0}", command);

        if (outcome.Succeeded && command.Kind is ActKind.Stop or ActKind.StopNow)
            (_hosts.GetValueOrDefault(command.Service)?.Server).Should().BeNull("{0}", command);

        if (outcome.Succeeded && command.Kind is ActKind.Restart or ActKind.RestartForced)
            outcome.Status!.Pid.Should().BeGreaterThan(command.NewestServer, "{0} promises a new server", command);
    }

    private void KillHost(string service, ModelHost? host)
    {
        if (host is null || host.IsDead)
            return;

        host.Die();
        var run = _parent.Slot(service).Run;
        LinkEnds(service, () => Internally(service, "host is dead", () => Post(new TreeEvent.HostExited(service, run, "killed by SIGKILL"))));
    }

    private void DropLink(string service)
    {
        if (_parent.Slot(service) is { State: HostState.Linked } slot && _hosts[service] is { IsDead: false })
            LinkEnds(service, () => Post(new TreeEvent.HostUnlinked(service, slot.Run)));
    }

    private void KillParent()
    {
        _mail.Lose(message => message.Route is Route.Link);
        _mail.Lose(message => message.Route is Route.Parent);

        foreach (var host in _hosts.Values)
            host.LoseCalls();

        foreach (var command in _commands.Where(command => command.Outcome is null))
            Lost(command);

        var left = Names.Where(_hosts.ContainsKey).ToArray();
        _parent = TestTree.TreeOf([.. _parent.Plan.Spec.Services], left);
        _board = NewBoard();
        Post(new TreeEvent.TimerElapsed());

        foreach (var service in left)
        {
            if (_hosts[service].IsDead)
                Internally(service, "it had died", () => Post(new TreeEvent.HostExited(service, 0, "it had already ended")));
            else
                Dial(service, run: 0);
        }
    }

    private void Reload()
    {
        var plan = _parent.Plan;
        var web = plan["web"];
        var next = plan.Spec with { Services = [plan["db"], web with { Stop = web.Stop with { Grace = web.Stop.Grace + TimeSpan.FromSeconds(1) } }] };
        Post(new TreeEvent.PlanReplaced(plan, plan.With(next)));
    }

    /// <summary>In steps of a second at most, each with a heartbeat of every linked host.</summary>
    private void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= HeartbeatRule.CheckInterval)
        {
            var step = left < HeartbeatRule.CheckInterval ? left : HeartbeatRule.CheckInterval;

            foreach (var (service, host) in _hosts.Where(host => !host.Value.IsDead && _parent.Slot(host.Key).State is HostState.Linked).ToList())
            {
                Report(service, _parent.Slot(service).Run, host.Status);
                _mail.DeliverQueue(Reports(service));
            }

            foreach (var host in _hosts.Values.ToList())
                host.Pass(step);

            Begin(_parent.Advance(step.TotalSeconds));
        }
    }
}
