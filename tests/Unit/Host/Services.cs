using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>Services as a configuration would describe them: what a spec does not name is at its default.</summary>
internal static class Services
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

    public static ServiceSpec WithValidation(this ServiceSpec spec) =>
        spec with { Validate = new ValidateSpec(["check"], TimeSpan.FromSeconds(10)) };

    public static ServiceSpec WithDebounce(this ServiceSpec spec, TimeSpan debounce) =>
        spec with { Watch = spec.Watch! with { Debounce = debounce } };

    public static ServiceSpec OnChange(this ServiceSpec spec, ChangeAction action, int? signal = null) =>
        spec with { Watch = spec.Watch! with { OnChange = new OnChange(action, signal) } };

    public static ServiceSpec Restarting(this ServiceSpec spec, RestartPolicy policy) =>
        spec with { Restart = spec.Restart with { Policy = policy } };
}

/// <summary>Drives the machine by hand: one event after the other, at a time that the test chooses.</summary>
internal sealed class Drive(ServiceSpec spec)
{
    private int _cursors;
    private long _tickets;

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public Situation Situation { get; set; } = new(new HostState.Stopped(), ServiceRecord.Empty);

    public HostState State => Situation.State;

    public ServiceRecord Record => Situation.Record;

    /// <summary>Of the last step.</summary>
    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public List<Effect> AllEffects { get; } = [];

    public ServiceStatus Status => StatusView.Of(Situation, spec, hostPid: 1, usage: null);

    public IEnumerable<string> Ledger => AllEffects.OfType<Effect.Note>().Select(note => note.Entry.Event);

    public IEnumerable<ServiceOutcome> Answers => AllEffects.OfType<Effect.Answer>().Select(answer => answer.Outcome);

    public Drive On(HostEvent happened)
    {
        var wall = VirtualTime.Noon + Now;
        var turn = HostMachine.Step(Situation, happened, new Circumstances(spec, new Moment(Now, wall), Chance: 0.5));
        Situation = new Situation(turn.State, turn.Record);
        Effects = turn.Effects;
        AllEffects.AddRange(turn.Effects);
        return this;
    }

    public Drive After(TimeSpan time)
    {
        Now += time;
        return On(new HostEvent.Tick());
    }

    public Drive After(double seconds) => After(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass without telling the machine.</summary>
    public Drive Later(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public Drive Change(string file = "a.py") => On(new HostEvent.Changed($"c{++_cursors}", [file]));

    /// <summary>In seconds from now; <paramref name="until"/> is now unless said otherwise.</summary>
    public Drive Unseen(double since, double until = 0, string? cursor = null) => On(new HostEvent.Unseen(
        cursor ?? $"u{++_cursors}",
        new UnseenSpan(VirtualTime.Noon + Now + TimeSpan.FromSeconds(since), VirtualTime.Noon + Now + TimeSpan.FromSeconds(until))));

    public Drive Start(Cause cause = Cause.Manual) => On(new HostEvent.StartAsked(cause));

    public Drive Stop(bool now = false) => On(new HostEvent.StopAsked(++_tickets, now));

    public Drive Restart(bool force = false) => On(new HostEvent.RestartAsked(++_tickets, force, Cause.Manual));

    public Drive Settled() => On(new HostEvent.SettledAsked(++_tickets));

    public Drive Leave() => On(new HostEvent.LeaveAsked(++_tickets, Now: false));

    /// <summary>The start that is under way succeeds.</summary>
    public Drive Launched() => On(new HostEvent.Launched(State.Should().BeOfType<HostState.Spawning>().Subject.Launch.Generation, Pid: 100, Port: null));

    public Drive Ready() => On(new HostEvent.ProbeSucceeded(State.Run()!.Generation));

    public Drive Dies(int code = 1, Func<ServerEnd, ServerEnd>? with = null)
    {
        var end = new ServerEnd(new ExitStatus(ExitKind.Exit, code, null, VirtualTime.Noon + Now), $"exited with code {code}", Now);
        return On(new HostEvent.Died(State.Run()!.Generation, with?.Invoke(end) ?? end));
    }

    /// <summary>Started and serving.</summary>
    public static Drive Serving(ServiceSpec spec)
    {
        var drive = new Drive(spec).Start(Cause.Autostart).Launched();
        return spec.Ready is null ? drive : drive.Ready();
    }
}
