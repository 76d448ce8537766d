using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Service specs for tests; everything that a test does not set has its default.</summary>
internal static class TestServices
{
    public static readonly ServiceSpec Web = new(
        "web", ["/bin/sh", "-c", "exec sleep 1000"], "/", new Dictionary<string, string>(StringComparer.Ordinal), Port: null, PortConflict.Block,
        new WatchSpec(["/"], [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, Signal: null)), Validate: null, Ready: null,
        new RestartSpec(RestartPolicy.OnFailure, new BackoffSpec(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30)),
            new CrashLoopSpec(5, TimeSpan.FromSeconds(60))),
        new StopSpec(15, TimeSpan.FromSeconds(5)), new LimitsSpec(null, null, null, null),
        new Dictionary<string, DependencyCondition>(StringComparer.Ordinal), Autostart: true);

    public static ServiceSpec WithProbe(this ServiceSpec spec) =>
        spec with { Ready = new ReadySpec.Tcp("127.0.0.1", 8000, TimeSpan.FromSeconds(60)) };

    public static ServiceSpec WithHealth(this ServiceSpec spec, HealthAction onFailure = HealthAction.Tell) => spec with
    {
        Health = new HealthSpec(new ReadySpec.Tcp("127.0.0.1", 8000, TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(10), Failures: 3, onFailure),
    };

    public static ServiceSpec WithValidation(this ServiceSpec spec, bool atStart = false) =>
        spec with { Validate = new ValidateSpec(["check"], TimeSpan.FromSeconds(10), atStart) };

    public static ServiceSpec WithBuild(this ServiceSpec spec) => spec with { Build = new BuildSpec(["make"], TimeSpan.FromMinutes(5)) };

    public static ServiceSpec WithDebounce(this ServiceSpec spec, TimeSpan debounce) =>
        spec with { Watch = spec.Watch! with { Debounce = debounce } };

    public static ServiceSpec OnChange(this ServiceSpec spec, ChangeAction action, int? signal = null) =>
        spec with { Watch = spec.Watch! with { OnChange = new OnChange(action, signal) } };

    public static ServiceSpec Restarting(this ServiceSpec spec, RestartPolicy policy) =>
        spec with { Restart = spec.Restart with { Policy = policy } };
}

/// <summary>Drives the host's state machine: one event after the other, at times that the test chooses.</summary>
internal sealed class HostDriver(ServiceSpec spec)
{
    /// <summary>Somebody may type at the server's terminal.</summary>
    public bool IsHeld { get; set; }

    private int _cursors;
    private long _tickets;

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public HostSnapshot Snapshot { get; set; } = new(new HostState.Stopped(), ServiceRecord.Empty);

    public HostState State => Snapshot.State;

    public ServiceRecord Record => Snapshot.Record;

    /// <summary>Of the last step.</summary>
    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public List<Effect> AllEffects { get; } = [];

    public ServiceStatus Status => StatusView.Of(Snapshot, spec, hostPid: 1, usage: null);

    public IEnumerable<string> Ledger => AllEffects.OfType<Effect.WriteLedger>().Select(note => note.Entry.Event);

    public IEnumerable<ServiceOutcome> Outcomes => AllEffects.OfType<Effect.CompleteTicket>().Select(answer => answer.Outcome);

    public HostDriver On(HostEvent hostEvent)
    {
        var wall = VirtualTime.Noon + Now;
        var transition = HostMachine.Step(Snapshot, hostEvent, new StepContext(spec, new Timestamp(Now, wall), Random01: 0.5) { IsHeld = IsHeld });
        Snapshot = new HostSnapshot(transition.State, transition.Record);
        Effects = transition.Effects;
        AllEffects.AddRange(transition.Effects);
        return this;
    }

    public HostDriver After(TimeSpan time)
    {
        Now += time;
        return On(new HostEvent.DeadlinePassed());
    }

    public HostDriver After(double seconds) => After(TimeSpan.FromSeconds(seconds));

    /// <summary>Advances the time without an event.</summary>
    public HostDriver Later(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <param name="heard">When it was noticed, in seconds relative to now.</param>
    public HostDriver Change(string file, double heard) =>
        On(new HostEvent.FilesChanged($"c{++_cursors}", [file]) { HeardUntil = Now + TimeSpan.FromSeconds(heard) });

    public HostDriver BuildPasses() => On(new HostEvent.BuildPassed(Record.Builds));

    public HostDriver BuildFails(string reason) => On(new HostEvent.BuildFailed(Record.Builds, reason));

    public HostDriver Change(string file = "a.py") => On(new HostEvent.FilesChanged($"c{++_cursors}", [file]));

    /// <summary>The span in seconds relative to now; <paramref name="until"/> defaults to now.</summary>
    public HostDriver Unseen(double since, double until = 0, string? cursor = null) => On(new HostEvent.UnseenChange(
        cursor ?? $"u{++_cursors}",
        new UnseenSpan(VirtualTime.Noon + Now + TimeSpan.FromSeconds(since), VirtualTime.Noon + Now + TimeSpan.FromSeconds(until))));

    public HostDriver Start(Cause cause = Cause.Manual) => On(new HostEvent.StartRequested(cause));

    public HostDriver Stop(bool now = false) => On(new HostEvent.StopRequested(++_tickets, now));

    public HostDriver Restart(bool force = false) => On(new HostEvent.RestartRequested(++_tickets, force, Cause.Manual));

    public HostDriver Settled() => On(new HostEvent.SettledRequested(++_tickets));

    public HostDriver Shutdown() => On(new HostEvent.ShutdownRequested(++_tickets, Now: false));

    /// <summary>The start that is under way succeeds.</summary>
    public HostDriver Spawned() => On(new HostEvent.Spawned(State.Should().BeOfType<HostState.Spawning>().Subject.Attempt.Generation, Pid: 100, Port: null));

    public HostDriver Ready() => On(new HostEvent.ProbeSucceeded(State.Run()!.Generation));

    public HostDriver Dies(int code = 1, Func<ServerExit, ServerExit>? with = null)
    {
        var exit = new ServerExit(new ExitStatus(ExitKind.Exit, code, null, VirtualTime.Noon + Now), $"exited with code {code}", Now);
        return On(new HostEvent.ServerExited(State.Run()!.Generation, with?.Invoke(exit) ?? exit));
    }

    /// <summary>Returns a driver whose server is started and serving.</summary>
    public static HostDriver Serving(ServiceSpec spec)
    {
        var driver = new HostDriver(spec).Start(Cause.Autostart);
        driver = spec.Build is null ? driver.Spawned() : driver.BuildPasses().Spawned();
        return spec.Ready is null ? driver : driver.Ready();
    }
}
