using System.Reflection;
using System.Text;
using Supervisor.Host.Ports;
using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>Every pair of state and event, so that a new one of either cannot be forgotten; the table below is what the machine does with each.</summary>
public sealed class HostMachineTableSpecs
{
    private static readonly PortHolder Stranger = new(8000, 1, "x", "y", VirtualTime.Noon);

    /// <summary>A service with everything: probe, validation, port.</summary>
    private static readonly ServiceSpec Spec = Services.Web.WithProbe().WithValidation() with { Port = 8000 };

    private const string Expected = """
        Stopped: StartAsked → Spawning, RestartAsked → Validating again/Stopped, LeaveAsked → Left
        Blocked/Command: StartAsked → Spawning, StopAsked → Stopped, RestartAsked → Validating again/Blocked/Command, LeaveAsked → Left, Changed → Validating again/Blocked/Command
        Blocked/Port: StartAsked → Spawning, StopAsked → Stopped, RestartAsked → Validating again/Blocked/Port, LeaveAsked → Left, Changed → Validating again/Blocked/Port, PortSeen → Spawning
        Spawning: StopAsked → Spawning/Stop, LeaveAsked → Spawning/Leave, Launched → Starting, LaunchFailed → BackingOff, PortTaken → Blocked/Port
        Spawning/Stop: StartAsked → Spawning, RestartAsked → Spawning, LeaveAsked → Spawning/Leave, Launched → Draining/Stop, LaunchFailed → Stopped, PortTaken → Stopped
        Starting: StopAsked → Draining/Stop, RestartAsked → Validating again/Starting, LeaveAsked → Draining/Leave, Changed → Validating again/Starting, Unseen → Validating again/Starting, ProbeSucceeded → Ready, Died → BackingOff, Tick → Draining/Recover
        Running: StopAsked → Draining/Stop, RestartAsked → Validating again/Running, LeaveAsked → Draining/Leave, Changed → Validating again/Running, Unseen → Validating again/Running, Died → BackingOff
        Ready: StopAsked → Draining/Stop, RestartAsked → Validating again/Ready, LeaveAsked → Draining/Leave, Changed → Validating again/Ready, Unseen → Validating again/Ready, ProbeMissed → Running, Died → BackingOff
        Validating/Ready: StopAsked → Draining/Stop, RestartAsked → Validating again/Ready, LeaveAsked → Draining/Leave, Changed → Validating again/Ready, ProbeMissed → Validating/Running, Died → Validating/BackingOff, ValidationPassed → Draining/Start, ValidationRefused → Ready
        Draining/Stop: StartAsked → Draining/Start, RestartAsked → Draining/Start, LeaveAsked → Draining/Leave, Died → Stopped
        Draining/Start: StopAsked → Draining/Stop, LeaveAsked → Draining/Leave, Died → Spawning
        Draining/Recover: StopAsked → Draining/Stop, LeaveAsked → Draining/Leave, Died → BackingOff
        Draining/Leave: Died → Left
        BackingOff: StartAsked → Spawning, StopAsked → Stopped, RestartAsked → Validating again/BackingOff, LeaveAsked → Left, Changed → Validating again/BackingOff, Tick → Spawning
        CrashLoop: StartAsked → Spawning, StopAsked → Stopped, RestartAsked → Validating again/CrashLoop, LeaveAsked → Left, Changed → Validating again/CrashLoop, Unseen → Validating again/CrashLoop
        Completed: StartAsked → Spawning, StopAsked → Stopped, RestartAsked → Validating again/Completed, LeaveAsked → Left, Changed → Validating again/Completed, Unseen → Validating again/Completed
        Left:
        """;

    [Fact]
    public void Every_state_answers_every_event_as_the_table_says() => Table().Should().Be(Expected.ReplaceLineEndings("\n"));

    [Fact]
    public void The_table_has_every_state_and_every_event()
    {
        States().Select(state => state.State.GetType()).Distinct().Should().BeEquivalentTo(KindsOf(typeof(HostState)));
        Events().Select(happened => happened.GetType()).Distinct().Should().BeEquivalentTo(KindsOf(typeof(HostEvent)));
    }

    private static string Table()
    {
        var table = new StringBuilder();

        foreach (var (name, state) in States())
        {
            var outcomes = Events().Select(happened => (happened.GetType().Name, Next: Next(state, happened))).Where(pair => pair.Next != name);
            table.Append(name).Append(": ").AppendJoin(", ", outcomes.Select(pair => $"{pair.Name} → {pair.Next}")).Append('\n');
        }

        return table.ToString().TrimEnd();
    }

    private static string Next(HostState state, HostEvent happened)
    {
        var drive = new Drive(Spec);
        var pending = state is HostState.Validating
            ? new PendingReload(Cause.Files, ["a"], default, drive.Now, Force: false, AfterStart: null, IsHeld: false)
            : null;
        drive.Situation = new Situation(state, ServiceRecord.Empty with { Generation = 1, Pending = pending, Validations = 1, Reading = new FileReading(VirtualTime.Noon, null, 0) });
        return Name(drive.On(happened).State);
    }

    private static string Name(HostState state) => state switch
    {
        HostState.Draining(_, var next) => $"Draining/{next.GetType().Name}",
        HostState.Blocked(var obstacle) => $"Blocked/{obstacle.GetType().Name}",
        HostState.Spawning(_, { } instead) => $"Spawning/{instead.GetType().Name}",
        HostState.Validating(var meanwhile, var number) => number == 1 ? $"Validating/{Name(meanwhile)}" : $"Validating again/{Name(meanwhile)}",
        _ => state.GetType().Name,
    };

    private static IEnumerable<(string Name, HostState State)> States()
    {
        var run = new ServerRun(new Launch(1, Cause.Manual), 100, 8000, default);
        var spawning = new HostState.Spawning(new Launch(1, Cause.Manual));
        HostState[] states =
        [
            new HostState.Stopped(),
            new HostState.Blocked(new Obstacle.Command("no such file")),
            new HostState.Blocked(new Obstacle.Port(Stranger, Cause.Manual, default)),
            spawning,
            spawning with { Instead = new AfterDrain.Stop() },
            new HostState.Starting(run, ReadyBy: TimeSpan.Zero),
            new HostState.Running(run),
            new HostState.Ready(run, default),
            new HostState.Validating(new HostState.Ready(run, default), 1),
            new HostState.Draining(run, new AfterDrain.Stop()),
            new HostState.Draining(run, new AfterDrain.Start(Cause.Files)),
            new HostState.Draining(run, new AfterDrain.Recover(Cause.Probe, "slow")),
            new HostState.Draining(run, new AfterDrain.Leave()),
            new HostState.BackingOff(TimeSpan.Zero, "exited"),
            new HostState.CrashLoop("five times"),
            new HostState.Completed("exited with code 0"),
            new HostState.Left(),
        ];

        return states.Select(state => (Name(state), state));
    }

    private static IEnumerable<HostEvent> Events() =>
    [
        new HostEvent.StartAsked(Cause.Manual),
        new HostEvent.StopAsked(1, Now: false),
        new HostEvent.RestartAsked(1, Force: false, Cause.Manual),
        new HostEvent.LeaveAsked(1, Now: false),
        new HostEvent.SettledAsked(1),
        new HostEvent.Changed("c", ["a"]),
        new HostEvent.Unseen("u", new UnseenSpan(VirtualTime.Noon, VirtualTime.Noon)),
        new HostEvent.Launched(1, 100, 8000),
        new HostEvent.LaunchFailed(1, Transient: true, "no memory"),
        new HostEvent.PortTaken(1, Stranger),
        new HostEvent.PortSeen(null),
        new HostEvent.ProbeSucceeded(1),
        new HostEvent.ProbeMissed(1, "refused"),
        new HostEvent.Died(1, new ServerEnd(new ExitStatus(ExitKind.Exit, 1, null, VirtualTime.Noon), "exited with code 1", TimeSpan.FromHours(1))),
        new HostEvent.ValidationPassed(1),
        new HostEvent.ValidationRefused(1, "no"),
        new HostEvent.Tick(),
    ];

    private static IEnumerable<Type> KindsOf(Type family) =>
        family.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(family.IsAssignableFrom);
}
