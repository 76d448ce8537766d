using System.Reflection;
using System.Text;
using Supervisor.Processes;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Every pair of state and event; the table is what the machine does with each. A new state or event that is missing here fails a test.</summary>
public sealed class HostMachineTableSpecs
{
    private static readonly PortHolder Stranger = new(8000, 1, "x", "y", VirtualTime.Noon);

    /// <summary>A service with a probe, a health check, a build, a validation and a port.</summary>
    private static readonly ServiceSpec Spec = TestServices.Web.WithProbe().WithHealth().WithBuild().WithValidation(atStart: true) with { Port = 8000 };

    private const string Expected = """
        Stopped: StartRequested → Building again/Stopped, RestartRequested → Building again/Stopped, ShutdownRequested → Shutdown
        Blocked/Command: StartRequested → Building again/Blocked/Command, StopRequested → Stopped, RestartRequested → Building again/Blocked/Command, ShutdownRequested → Shutdown, FilesChanged → Building again/Blocked/Command, UnseenChange → Building again/Blocked/Command, EnvFileChanged → Building again/Blocked/Command
        Blocked/Port: StartRequested → Building again/Blocked/Port, StopRequested → Stopped, RestartRequested → Building again/Blocked/Port, ShutdownRequested → Shutdown, FilesChanged → Building again/Blocked/Port, EnvFileChanged → Building again/Blocked/Port, PortChecked → Spawning
        Blocked/Lack: StartRequested → Building again/Blocked/Lack, StopRequested → Stopped, RestartRequested → Building again/Blocked/Lack, ShutdownRequested → Shutdown, FilesChanged → Building again/Blocked/Lack, EnvFileChanged → Building again/Blocked/Lack, LackChecked → Building again/Blocked/Lack
        Spawning: StopRequested → Spawning/Stop, ShutdownRequested → Spawning/Shutdown, Spawned → Starting, SpawnFailed → BackingOff, PortTaken → Blocked/Port, Lacking → Blocked/Lack
        Spawning/Stop: StartRequested → Spawning, RestartRequested → Spawning, ShutdownRequested → Spawning/Shutdown, Spawned → Draining/Stop, SpawnFailed → Stopped, PortTaken → Stopped, Lacking → Stopped
        Starting: StopRequested → Draining/Stop, RestartRequested → Building again/Starting, ShutdownRequested → Draining/Shutdown, FilesChanged → Building again/Starting, UnseenChange → Building again/Starting, EnvFileChanged → Building again/Starting, ProbeSucceeded → Ready, ServerExited → BackingOff, DeadlinePassed → Draining/Recover
        Running: StopRequested → Draining/Stop, RestartRequested → Building again/Running, ShutdownRequested → Draining/Shutdown, FilesChanged → Building again/Running, UnseenChange → Building again/Running, EnvFileChanged → Building again/Running, HealthFailed → Unhealthy, ServerExited → BackingOff
        Ready: StopRequested → Draining/Stop, RestartRequested → Building again/Ready, ShutdownRequested → Draining/Shutdown, FilesChanged → Building again/Ready, UnseenChange → Building again/Ready, EnvFileChanged → Building again/Ready, HealthFailed → Unhealthy, ServerExited → BackingOff
        Unhealthy: StopRequested → Draining/Stop, RestartRequested → Building again/Unhealthy, ShutdownRequested → Draining/Shutdown, FilesChanged → Building again/Unhealthy, UnseenChange → Building again/Unhealthy, EnvFileChanged → Building again/Unhealthy, HealthPassed → Ready, ServerExited → BackingOff
        Building/Ready: StopRequested → Draining/Stop, RestartRequested → Building again/Ready, ShutdownRequested → Draining/Shutdown, EnvFileChanged → Building again/Ready, HealthFailed → Building/Unhealthy, ServerExited → Building/BackingOff, BuildPassed → Validating again/Ready, BuildFailed → Ready
        Building/BackingOff: StopRequested → Stopped, RestartRequested → Building again/BackingOff, ShutdownRequested → Shutdown, EnvFileChanged → Building again/BackingOff, BuildPassed → Validating again/BackingOff, BuildFailed → BackingOff
        Validating/Ready: StopRequested → Draining/Stop, RestartRequested → Building again/Ready, ShutdownRequested → Draining/Shutdown, FilesChanged → Building again/Ready, EnvFileChanged → Building again/Ready, HealthFailed → Validating/Unhealthy, ServerExited → Validating/BackingOff, ValidationPassed → Draining/Start, ValidationRefused → Ready
        Validating/BackingOff: StopRequested → Stopped, RestartRequested → Building again/BackingOff, ShutdownRequested → Shutdown, FilesChanged → Building again/BackingOff, EnvFileChanged → Building again/BackingOff, ValidationPassed → Spawning, ValidationRefused → BackingOff
        Draining/Stop: StartRequested → Draining/StartAnew, RestartRequested → Draining/StartAnew, ShutdownRequested → Draining/Shutdown, ServerExited → Stopped
        Draining/Start: StopRequested → Draining/Stop, ShutdownRequested → Draining/Shutdown, ServerExited → Spawning
        Draining/StartAnew: StopRequested → Draining/Stop, ShutdownRequested → Draining/Shutdown, ServerExited → Building again/Stopped
        Draining/Recover: StopRequested → Draining/Stop, ShutdownRequested → Draining/Shutdown, ServerExited → BackingOff
        Draining/Shutdown: ServerExited → Shutdown
        RunningStopCommand/Stop: StartRequested → RunningStopCommand/StartAnew, RestartRequested → RunningStopCommand/StartAnew, ShutdownRequested → RunningStopCommand/Shutdown, StopCommandEnded → Stopped
        RunningStopCommand/Start: StopRequested → RunningStopCommand/Stop, ShutdownRequested → RunningStopCommand/Shutdown, StopCommandEnded → Spawning
        RunningStopCommand/StartAnew: StopRequested → RunningStopCommand/Stop, ShutdownRequested → RunningStopCommand/Shutdown, StopCommandEnded → Building again/Stopped
        RunningStopCommand/Shutdown: StopCommandEnded → Shutdown
        BackingOff: StartRequested → Building again/BackingOff, StopRequested → Stopped, RestartRequested → Building again/BackingOff, ShutdownRequested → Shutdown, FilesChanged → Building again/BackingOff, EnvFileChanged → Building again/BackingOff, DeadlinePassed → Spawning
        CrashLoop: StartRequested → Building again/CrashLoop, StopRequested → Stopped, RestartRequested → Building again/CrashLoop, ShutdownRequested → Shutdown, FilesChanged → Building again/CrashLoop, UnseenChange → Building again/CrashLoop, EnvFileChanged → Building again/CrashLoop
        Completed: StartRequested → Building again/Completed, StopRequested → Stopped, RestartRequested → Building again/Completed, ShutdownRequested → Shutdown, FilesChanged → Building again/Completed, UnseenChange → Building again/Completed, EnvFileChanged → Building again/Completed
        Failed: StartRequested → Building again/Failed, StopRequested → Stopped, RestartRequested → Building again/Failed, ShutdownRequested → Shutdown, FilesChanged → Building again/Failed, UnseenChange → Building again/Failed, EnvFileChanged → Building again/Failed
        Shutdown:
        """;

    [Fact]
    public void Every_pair_of_state_and_event_is_as_in_the_table() => Table().Should().Be(Expected.ReplaceLineEndings("\n"));

    [Fact]
    public void The_table_covers_every_state_and_every_event()
    {
        States().Select(state => state.State.GetType()).Distinct().Should().BeEquivalentTo(KindsOf(typeof(HostState)));
        Events().Select(hostEvent => hostEvent.GetType()).Distinct().Should().BeEquivalentTo(KindsOf(typeof(HostEvent)));
    }

    private static string Table()
    {
        var table = new StringBuilder();

        foreach (var (name, state) in States())
        {
            var outcomes = Events().Select(hostEvent => (hostEvent.GetType().Name, Next: Next(state, hostEvent))).Where(pair => pair.Next != name);
            table.Append(name).Append(": ").AppendJoin(", ", outcomes.Select(pair => $"{pair.Name} → {pair.Next}")).Append('\n');
        }

        return table.ToString().TrimEnd();
    }

    private static string Next(HostState state, HostEvent hostEvent)
    {
        var driver = new HostDriver(Spec);
        var pending = state is HostState.Preflight
            ? new PendingReload(Cause.Files, ["a"], default, driver.Now, Force: false, AfterStart: null)
            : null;
        driver.Snapshot = new HostSnapshot(state, ServiceRecord.Empty with
        {
            Generation = 1, Pending = pending, Builds = 1, Validations = 1, ReadWindow = new FileReadWindow(VirtualTime.Noon, null, 0),
        });
        return Name(driver.On(hostEvent).State);
    }

    private static string Name(HostState state) => state switch
    {
        HostState.Draining(_, var next) => $"Draining/{next.GetType().Name}",
        HostState.RunningStopCommand(var next) => $"RunningStopCommand/{next.GetType().Name}",
        HostState.Blocked(var blockReason) => $"Blocked/{blockReason.GetType().Name}",
        HostState.Spawning(_, { } pendingDrain) => $"Spawning/{pendingDrain.GetType().Name}",
        HostState.Building(var underlying, var number, _, _) => number == 1 ? $"Building/{Name(underlying)}" : $"Building again/{Name(underlying)}",
        HostState.Validating(var underlying, var number, _) => number == 1 ? $"Validating/{Name(underlying)}" : $"Validating again/{Name(underlying)}",
        _ => state.GetType().Name,
    };

    private static IEnumerable<(string Name, HostState State)> States()
    {
        var run = new ServerRun(new StartAttempt(1, Cause.Manual), 100, 8000, default);
        var spawning = new HostState.Spawning(new StartAttempt(1, Cause.Manual));
        HostState[] states =
        [
            new HostState.Stopped(),
            new HostState.Blocked(new BlockReason.Command("no such file")),
            new HostState.Blocked(new BlockReason.Port(Stranger, Cause.Manual, default)),
            new HostState.Blocked(new BlockReason.Lack("no .env", Cause.Manual, default)),
            spawning,
            spawning with { PendingDrain = new AfterDrain.Stop() },
            new HostState.Starting(run, ReadyBy: TimeSpan.Zero),
            new HostState.Running(run),
            new HostState.Ready(run, default),
            new HostState.Unhealthy(run, "no answer"),
            new HostState.Building(new HostState.Ready(run, default), 1, default, HeardChanges.None),
            new HostState.Building(new HostState.BackingOff(TimeSpan.Zero, "exited"), 1, default, HeardChanges.None),
            new HostState.Validating(new HostState.Ready(run, default), 1),
            new HostState.Validating(new HostState.BackingOff(TimeSpan.Zero, "exited"), 1),
            new HostState.Draining(run, new AfterDrain.Stop()),
            new HostState.Draining(run, new AfterDrain.Start(Cause.Files)),
            new HostState.Draining(run, new AfterDrain.StartAnew(Cause.Manual)),
            new HostState.Draining(run, new AfterDrain.Recover(Cause.Probe, "slow")),
            new HostState.Draining(run, new AfterDrain.Shutdown()),
            new HostState.RunningStopCommand(new AfterDrain.Stop()),
            new HostState.RunningStopCommand(new AfterDrain.Start(Cause.Files)),
            new HostState.RunningStopCommand(new AfterDrain.StartAnew(Cause.Manual)),
            new HostState.RunningStopCommand(new AfterDrain.Shutdown()),
            new HostState.BackingOff(TimeSpan.Zero, "exited"),
            new HostState.CrashLoop("five times"),
            new HostState.Completed("exited with code 0"),
            new HostState.Failed("exited with code 1"),
            new HostState.Shutdown(),
        ];

        return states.Select(state => (Name(state), state));
    }

    private static IEnumerable<HostEvent> Events() =>
    [
        new HostEvent.StartRequested(Cause.Manual),
        new HostEvent.StopRequested(1, Now: false),
        new HostEvent.RestartRequested(1, Force: false, Cause.Manual),
        new HostEvent.ShutdownRequested(1, Now: false),
        new HostEvent.SettledRequested(1),
        new HostEvent.FilesChanged("c", ["a"]),
        new HostEvent.UnseenChange("u", new UnseenSpan(VirtualTime.Noon, VirtualTime.Noon)),
        new HostEvent.EnvFileChanged("e", [".env"]),
        new HostEvent.EnvFileUnusable("e", [".env"], "it is gone"),
        new HostEvent.EnvFileUnchanged("e", [".env"]),
        new HostEvent.Spawned(1, 100, 8000),
        new HostEvent.SpawnFailed(1, Transient: true, "no memory"),
        new HostEvent.PortTaken(1, Stranger),
        new HostEvent.PortChecked(null),
        new HostEvent.Lacking(1, "no .env"),
        new HostEvent.LackChecked(null),
        new HostEvent.ProbeSucceeded(1),
        new HostEvent.ProbeFailed(1, "refused"),
        new HostEvent.HealthFailed(1, "no answer", TimeSpan.Zero),
        new HostEvent.HealthPassed(1),
        new HostEvent.StatusTold(1, "warming up"),
        new HostEvent.ServerExited(1, new ServerExit(new ExitStatus(ExitKind.Exit, 1, null, VirtualTime.Noon), "exited with code 1", TimeSpan.FromHours(1))),
        new HostEvent.BuildPassed(1),
        new HostEvent.BuildFailed(1, "no"),
        new HostEvent.StopCommandEnded(null),
        new HostEvent.ValidationPassed(1),
        new HostEvent.ValidationRefused(1, "no"),
        new HostEvent.DeadlinePassed(),
    ];

    private static IEnumerable<Type> KindsOf(Type family) =>
        family.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(kind => family.IsAssignableFrom(kind) && !kind.IsAbstract);
}
