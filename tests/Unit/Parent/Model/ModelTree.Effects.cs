using Supervisor.Host.StateMachine;
using Supervisor.Parent.Routing;
using Supervisor.Parent.Supervision;
using Effect = Supervisor.Parent.Supervision.Effect;
using HostState = Supervisor.Parent.Supervision.HostState;

namespace Supervisor.Unit.Parent.Model;

/// <summary>What the parent decides becomes a message to a host, and its answer an event.</summary>
internal sealed partial class ModelTree
{
    private void Begin(Effect effect)
    {
        switch (effect)
        {
            case Effect.SpawnHost(var service, var run, _):
                Internally(service, "spawn", () => Spawn(service, run));
                break;
            case Effect.DialHost(var service, var run, _):
                Dial(service, run);
                break;
            case Effect.StartService(var service, _, var cause, _):
                Request(service, "start", () => _hosts[service].Start(CauseWords.Parse(cause)));
                break;
            case Effect.StopService(var service, var run, var now, var number, _):
                Request(service, "stop", () => _hosts[service].Call(ticket => new HostEvent.StopRequested(ticket, now), _ => Answer(
                    service, "stopped", () => Post(new TreeEvent.HostStopped(service, run, number, _hosts[service].Status)))));
                break;
            case Effect.RestartService(var service, var run, var order, var number, _):
                Request(service, "restart", () => _hosts[service].Call(ticket => new HostEvent.RestartRequested(ticket, order.Force, CauseWords.Parse(order.Cause)), outcome => Answer(
                    service, "restarted", () => Post(new TreeEvent.HostRestarted(service, run, number, outcome with { Status = _hosts[service].Status })))));
                break;
            case Effect.ShutDownHost(var service, var run, var now, _):
                Request(
                    service, "shut down", () => _hosts[service].Call(ticket => new HostEvent.ShutdownRequested(ticket, now), _ => { }),
                    () => Internally(service, "host does not exit", () => Post(new TreeEvent.HostFailed(service, run, "it shut down and did not exit"))));
                break;
            case Effect.SendChange(var service, var run, var change, _):
                Request(
                    service, "change", () => Change(service, run, change),
                    () => Internally(service, "change not recorded", () => Post(new TreeEvent.ChangeAnswered(service, run, Recorded: false))));
                break;
            case Effect.ClearHost(var service, var run, _):
                Clear(service, run);
                break;
            case Effect.RecordApplied(var ticket, var applied):
                Internally("", "batch applied", () => Post(new TreeEvent.BatchApplied(ticket, applied)));
                break;
        }
    }

    private void Spawn(string service, long run)
    {
        var plan = _parent.Plan;
        _hosts[service] = new ModelHost(plan[service], plan.HashOf(service)!, _mail, () => ++_pids, () => _broken.Contains(service), Reported, host => Exited(service, host));
        Post(new TreeEvent.HostSpawned(service, run, 100));
        Dial(service, run);
    }

    private void Dial(string service, long run) => Internally(service, "welcome", () =>
    {
        if (_hosts[service] is { IsDead: false } host)
            Post(new TreeEvent.HostLinked(service, run, new HostWelcome(1, "test", 100, host.SpecHash, host.Status)));
    });

    private void Reported(ModelHost host)
    {
        var service = host.Status.Name;

        if (_parent.State.Hosts.TryGetValue(service, out var slot) && slot.State is HostState.Linked && _hosts[service] == host)
            Report(service, slot.Run, host.Status);
    }

    private void Report(string service, long run, ServiceStatus status) => _mail.Send(new Message(
        $"{service} reports {status.State} {status.Pid}", Route.Link, service, Reports(service), () => Post(new TreeEvent.HostReported(service, run, status))));

    private void Change(string service, long run, PendingChange change)
    {
        _hosts[service].On(new HostEvent.FilesChanged(change.Order.Cursor, change.Order.Files));
        Answer(service, "change recorded", () => Post(new TreeEvent.ChangeAnswered(service, run, Recorded: true)));
    }

    private void Exited(string service, ModelHost host)
    {
        if (_hosts[service] != host)
            return;

        var run = _parent.Slot(service).Run;
        LinkEnds(service, () => Internally(service, "host exits", () => Post(new TreeEvent.HostExited(service, run, "exited with code 0"))));
    }

    private void Clear(string service, long run)
    {
        _mail.Lose(message => message.Service == service && message.Route == Route.Parent);
        LinkEnds(service, () => { });
        _hosts.GetValueOrDefault(service)?.Clear();
        Internally(service, "cleared", () => Post(new TreeEvent.HostCleared(service, run)));
    }

    private void LinkEnds(string service, Action then)
    {
        _mail.Lose(message => message.Service == service && message.Route == Route.Link);
        _hosts.GetValueOrDefault(service)?.LoseCalls();
        then();
    }

    private static string Reports(string service) => service + "/reports";

    private void Request(string service, string what, Action arrive, Action? lost = null) =>
        _mail.Send(new Message($"{service} <- {what}", Route.Link, service, service + "/requests", arrive, lost));

    private void Answer(string service, string what, Action arrive, Action? lost = null) =>
        _mail.Send(new Message($"{service} -> {what}", Route.Link, service, Queue: null, arrive, lost));

    private void Internally(string service, string what, Action arrive) =>
        _mail.Send(new Message($"{service}: {what}", Route.Parent, service, Queue: null, arrive));
}
