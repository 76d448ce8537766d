using Supervisor.Host.StateMachine;
using Supervisor.Processes;

namespace Supervisor.Unit.Host;

/// <summary>Simulates everything outside the machine. Random, but it keeps the promises of the effects.</summary>
internal sealed class SimulatedEnvironment
{
    private static readonly PortHolder Stranger = new(8000, 1, "x", "y", VirtualTime.Noon);

    private readonly Random _random;
    private readonly HostDriver _driver;
    private readonly HashSet<long> _unanswered = [];
    private long _ticket;
    private int _cursor;
    private int? _spawning;
    private int? _living;
    private int? _drained;
    private int? _building;
    private int? _validating;
    private bool _isForced;
    private readonly bool _isBuilt;
    private bool _isStopCommandRunning;
    private bool _reloadExpected;
    private bool _isShutDown;

    public SimulatedEnvironment(int seed)
    {
        _random = new Random(seed);
        var spec = TestServices.Web with { Port = 8000 };
        spec = _random.Next(2) == 0 ? spec.WithProbe() : spec;
        spec = _random.Next(2) == 0 ? spec.WithHealth((HealthAction)_random.Next(2)) : spec;
        spec = _random.Next(2) == 0 ? spec.WithValidation() : spec;
        spec = _random.Next(2) == 0 ? spec.WithBuild() : spec;
        _isBuilt = spec.Build is not null;
        spec = _random.Next(2) == 0 ? spec.WithDebounce(TimeSpan.FromSeconds(1)) : spec;
        spec = _random.Next(2) == 0 ? spec with { Stop = spec.Stop with { Command = ["down"] } } : spec;
        spec = spec.Restarting((RestartPolicy)_random.Next(3));
        _driver = new HostDriver(spec);
    }

    public List<string> History { get; } = [];

    public void RandomEvent()
    {
        switch (_random.Next(19))
        {
            case 0: Post(new HostEvent.StartRequested((Cause)_random.Next(5))); break;
            case 1: Post(new HostEvent.StopRequested(Ticket(), Now: _random.Next(2) == 0)); break;
            case 2: Restart(); break;
            case 3: Post(new HostEvent.SettledRequested(Ticket())); break;
            case 4 or 5: Change(); break;
            case 16: UnseenChange(); break;
            case 17: Post(new HostEvent.HealthFailed(_driver.Record.Generation, "no", _driver.Now)); break;
            case 18: Post(new HostEvent.HealthPassed(_driver.Record.Generation)); break;
            case 6: Post(new HostEvent.PortChecked(_random.Next(2) == 0 ? Stranger : null)); break;
            case 7: Post(new HostEvent.ProbeFailed(_driver.Record.Generation, "no")); break;
            case 8: _driver.Later(_random.Next(40)); Post(new HostEvent.DeadlinePassed()); break;
            case 9: Post(new HostEvent.ServerExited(_driver.Record.Generation - 1, Exit())); break;
            case 10: Post(new HostEvent.Spawned(_driver.Record.Generation - 1, 1, null)); break;
            default: Outcome(); break;
        }
    }

    public void RunToRest()
    {
        for (var step = 0; step < 1_000 && (Outcome() || Deadline()); step++)
        {
            // Until nothing is under way and nothing is due.
        }

        _driver.Record.Pending.Should().BeNull("no reload stays pending at rest");
        _reloadExpected.Should().BeFalse("no change is lost");
        _unanswered.RemoveWhere(_ => _driver.State is HostState.Draining);
        _unanswered.Should().BeEmpty("every ticket is completed");

        Post(new HostEvent.ShutdownRequested(Ticket(), Now: true));

        while (Outcome())
        {
            // Until the server is gone.
        }

        _isShutDown.Should().BeTrue();
        _unanswered.Should().BeEmpty();
    }

    private void Restart()
    {
        // A forced restart does without the build of what has changed.
        _isForced = _random.Next(2) == 0;
        _reloadExpected &= !_isForced;
        Post(new HostEvent.RestartRequested(Ticket(), _isForced, Cause.Manual));
        _isForced = false;
    }

    private void Change()
    {
        _reloadExpected = true;
        Post(new HostEvent.FilesChanged($"c{_cursor++}", [_random.Next(2) == 0 ? "f" : $"f{_cursor}"]) { HeardUntil = _driver.Now });
    }

    private void UnseenChange()
    {
        var now = VirtualTime.Noon + _driver.Now;
        Post(new HostEvent.UnseenChange($"c{_cursor++}", new UnseenSpan(now - TimeSpan.FromSeconds(_random.Next(9)), now)));
    }

    private long Ticket()
    {
        _unanswered.Add(++_ticket);
        return _ticket;
    }

    /// <summary>Ends one of the actions that are under way.</summary>
    private bool Outcome()
    {
        if (_building is { } build && _random.Next(2) == 0)
            return Built(build);

        if (_validating is { } number && _random.Next(2) == 0)
            return Validated(number);

        if (_spawning is { } generation)
            return CompleteSpawn(generation);

        if (_isStopCommandRunning)
            return EndStopCommand();

        if (_living is { } living && (_drained == living || _random.Next(3) == 0))
            return Die(living);

        if (_living is { } server && _driver.State is HostState.Starting)
            return Post(new HostEvent.ProbeSucceeded(server));

        return (_building is { } last && Built(last)) || (_validating is { } open && Validated(open));
    }

    private bool Deadline()
    {
        if (Deadlines.Next(_driver.Snapshot) is not { } due)
            return false;

        if (_driver.State is HostState.Blocked { Reason: BlockReason.Port })
            return Post(new HostEvent.PortChecked(null));

        if (_driver.State is HostState.Blocked { Reason: BlockReason.Lack })
            return Post(new HostEvent.LackChecked(null));

        _driver.Later(Math.Max(0, (due - _driver.Now).TotalSeconds));
        return Post(new HostEvent.DeadlinePassed());
    }

    private bool Built(int number)
    {
        _building = null;
        return Post(_random.Next(3) == 0 ? new HostEvent.BuildFailed(number, "no") : new HostEvent.BuildPassed(number));
    }

    private bool Validated(int number)
    {
        _validating = null;
        var isRefused = _random.Next(3) == 0;
        _reloadExpected &= !isRefused;
        return Post(isRefused ? new HostEvent.ValidationRefused(number, "no") : new HostEvent.ValidationPassed(number));
    }

    private bool CompleteSpawn(int generation)
    {
        _spawning = null;

        switch (_random.Next(8))
        {
            case 0:
                return Post(new HostEvent.PortTaken(generation, Stranger));
            case 1 when _random.Next(2) == 0:
                return Post(new HostEvent.Lacking(generation, "no .env"));
            case 1:
                return Post(new HostEvent.SpawnFailed(generation, Transient: _random.Next(2) == 0, "no"));
            default:
                _living = generation;
                return Post(new HostEvent.Spawned(generation, 100, 8000));
        }
    }

    private bool EndStopCommand()
    {
        _isStopCommandRunning = false;
        return Post(new HostEvent.StopCommandEnded(_random.Next(2) == 0 ? "no" : null));
    }

    private bool Die(int living)
    {
        _living = _drained = null;
        return Post(new HostEvent.ServerExited(living, Exit()));
    }

    private ServerExit Exit() => new(
        new ExitStatus(ExitKind.Exit, _random.Next(2), null, VirtualTime.Noon), "exited", _driver.Now,
        MemoryKill: _random.Next(9) == 0 ? MemoryKill.MainProcess : null, PortTakenBy: _random.Next(9) == 0 ? Stranger : null);

    private bool Post(HostEvent hostEvent)
    {
        History.Add($"{_driver.State} <- {hostEvent}");
        var generation = _driver.Record.Generation;
        _driver.On(hostEvent);

        foreach (var effect in _driver.Effects)
            Apply(effect);

        _driver.Record.Generation.Should().BeInRange(generation, generation + 1);
        _driver.State.Run()?.Generation.Should().Be(_living, "the state has the living server");
        (_driver.State is HostState.Building).Should().Be(_building is not null, "a build runs exactly in the state Building");
        (_driver.State is HostState.Validating).Should().Be(_validating is not null, "a validation runs exactly in the state Validating");
        (_driver.State is HostState.RunningStopCommand).Should().Be(_isStopCommandRunning);
        (_driver.State is HostState.Spawning).Should().Be(_spawning is not null);
        (_living is not null && _spawning is null && _driver.State.Run() is null).Should().BeFalse("the machine knows every living server");

        // A service that is down reads the files at its next start.
        _reloadExpected &= _driver.State is not (HostState.Stopped or HostState.Shutdown)
            && _driver.State is not HostState.Draining { Next: AfterDrain.Stop or AfterDrain.Shutdown }
            && _driver.State is not HostState.RunningStopCommand { Next: AfterDrain.Stop or AfterDrain.Shutdown }
            && _driver.State is not HostState.Spawning { PendingDrain: not null };
        return true;
    }

    private void Apply(Effect effect)
    {
        switch (effect)
        {
            case Effect.Start start:
                _living.Should().BeNull("there is one server at a time");
                _spawning.Should().BeNull();
                (_spawning, _reloadExpected) = (start.Attempt.Generation, _isBuilt && _reloadExpected);
                break;
            case Effect.Drain(var generation):
                generation.Should().Be(_living);
                _drained.Should().BeNull("a server is drained once");
                _drained = generation;
                break;
            case Effect.Build(var number):
                _building.Should().BeNull("one build at a time");
                (_building, _reloadExpected) = (number, false);
                break;
            case Effect.CancelBuild(var number):
                number.Should().Be(_building);
                (_building, _reloadExpected) = (null, !_isForced);
                break;
            case Effect.RunStopCommand:
                _living.Should().BeNull();
                _isStopCommandRunning.Should().BeFalse("one stop command at a time");
                _isStopCommandRunning = true;
                break;
            case Effect.KillStopCommand:
                _isStopCommandRunning.Should().BeTrue();
                break;
            case Effect.Validate(var number):
                _validating.Should().BeNull("one validation at a time");
                _validating = number;
                break;
            case Effect.CancelValidation(var number):
                number.Should().Be(_validating);
                _validating = null;
                break;
            case Effect.CompleteTicket(var ticket, _):
                _unanswered.Remove(ticket).Should().BeTrue("a ticket is completed once");
                break;
            case Effect.Shutdown:
                _isShutDown.Should().BeFalse();
                _isShutDown = true;
                _living.Should().BeNull();
                break;
        }
    }
}
