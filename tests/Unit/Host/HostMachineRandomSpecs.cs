using Supervisor.Host.Ports;
using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>A hundred thousand events in random order, answered by a world that plays processes, ports and validations: what must hold always, holds.</summary>
public sealed class HostMachineRandomSpecs
{
    private const int Sequences = 500;
    private const int EventsPerSequence = 200;

    [Fact]
    public void Whatever_happens_in_whatever_order_the_invariants_hold()
    {
        for (var seed = 0; seed < Sequences; seed++)
        {
            var world = new World(seed);

            try
            {
                for (var step = 0; step < EventsPerSequence; step++)
                    world.Something();

                world.ComeToRest();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}\n{string.Join('\n', world.History.TakeLast(30))}", failure);
            }
        }
    }

    /// <summary>Everything outside the machine, as random as it gets, and true to the effects' promises.</summary>
    private sealed class World
    {
        private static readonly PortHolder Stranger = new(8000, 1, "x", "y", VirtualTime.Noon);

        private readonly Random _random;
        private readonly Drive _drive;
        private readonly HashSet<long> _unanswered = [];
        private long _ticket;
        private int _cursor;
        private int? _spawning;
        private int? _living;
        private int? _drained;
        private int? _validating;
        private bool _owed;
        private bool _left;

        public World(int seed)
        {
            _random = new Random(seed);
            var spec = Services.Web with { Port = 8000 };
            spec = _random.Next(2) == 0 ? spec.WithProbe() : spec;
            spec = _random.Next(2) == 0 ? spec.WithValidation() : spec;
            spec = _random.Next(2) == 0 ? spec.WithDebounce(TimeSpan.FromSeconds(1)) : spec;
            spec = spec.Restarting((RestartPolicy)_random.Next(3));
            _drive = new Drive(spec);
        }

        public List<string> History { get; } = [];

        public void Something()
        {
            switch (_random.Next(17))
            {
                case 0: Tell(new HostEvent.StartAsked((Cause)_random.Next(5))); break;
                case 1: Tell(new HostEvent.StopAsked(Ticket(), Now: _random.Next(2) == 0)); break;
                case 2: Tell(new HostEvent.RestartAsked(Ticket(), Force: _random.Next(2) == 0, Cause.Manual)); break;
                case 3: Tell(new HostEvent.SettledAsked(Ticket())); break;
                case 4 or 5: Change(); break;
                case 16: Unseen(); break;
                case 6: Tell(new HostEvent.PortSeen(_random.Next(2) == 0 ? Stranger : null)); break;
                case 7: Tell(new HostEvent.ProbeMissed(_drive.Record.Generation, "no")); break;
                case 8: _drive.Later(_random.Next(40)); Tell(new HostEvent.Tick()); break;
                case 9: Tell(new HostEvent.Died(_drive.Record.Generation - 1, End())); break;
                case 10: Tell(new HostEvent.Launched(_drive.Record.Generation - 1, 1, null)); break;
                default: Outcome(); break;
            }
        }

        public void ComeToRest()
        {
            for (var step = 0; step < 1_000 && (Outcome() || Deadline()); step++)
            {
                // Until nothing is under way and nothing is due.
            }

            _drive.Record.Pending.Should().BeNull("nothing stays pending when the world is at rest");
            _owed.Should().BeFalse("no change is lost");
            _unanswered.RemoveWhere(_ => _drive.State is HostState.Draining);
            _unanswered.Should().BeEmpty("every ticket is answered");

            Tell(new HostEvent.LeaveAsked(Ticket(), Now: true));

            while (Outcome())
            {
                // Until the server is gone.
            }

            _left.Should().BeTrue();
            _unanswered.Should().BeEmpty();
        }

        private void Change()
        {
            _owed = true;
            Tell(new HostEvent.Changed($"c{_cursor++}", ["f"]));
        }

        private void Unseen()
        {
            var now = VirtualTime.Noon + _drive.Now;
            Tell(new HostEvent.Unseen($"c{_cursor++}", new UnseenSpan(now - TimeSpan.FromSeconds(_random.Next(9)), now)));
        }

        private long Ticket()
        {
            _unanswered.Add(++_ticket);
            return _ticket;
        }

        /// <summary>One of the things that are under way comes to its end.</summary>
        private bool Outcome()
        {
            if (_validating is { } number && _random.Next(2) == 0)
                return Validated(number);

            if (_spawning is { } launch)
                return Spawned(launch);

            if (_living is { } living && (_drained == living || _random.Next(3) == 0))
                return Die(living);

            if (_living is { } server && _drive.State is HostState.Starting)
                return Tell(new HostEvent.ProbeSucceeded(server));

            return _validating is { } open && Validated(open);
        }

        private bool Deadline()
        {
            if (Deadlines.Next(_drive.Situation) is not { } due)
                return false;

            if (_drive.State is HostState.Blocked { Obstacle: Obstacle.Port })
                return Tell(new HostEvent.PortSeen(null));

            _drive.Later(Math.Max(0, (due - _drive.Now).TotalSeconds));
            return Tell(new HostEvent.Tick());
        }

        private bool Validated(int number)
        {
            _validating = null;
            var isRefused = _random.Next(3) == 0;
            _owed &= !isRefused;
            return Tell(isRefused ? new HostEvent.ValidationRefused(number, "no") : new HostEvent.ValidationPassed(number));
        }

        private bool Spawned(int launch)
        {
            _spawning = null;

            switch (_random.Next(8))
            {
                case 0:
                    return Tell(new HostEvent.PortTaken(launch, Stranger));
                case 1:
                    return Tell(new HostEvent.LaunchFailed(launch, Transient: _random.Next(2) == 0, "no"));
                default:
                    _living = launch;
                    return Tell(new HostEvent.Launched(launch, 100, 8000));
            }
        }

        private bool Die(int living)
        {
            _living = _drained = null;
            return Tell(new HostEvent.Died(living, End()));
        }

        private ServerEnd End() => new(
            new ExitStatus(ExitKind.Exit, _random.Next(2), null, VirtualTime.Noon), "exited", _drive.Now,
            OutOfMemory: _random.Next(9) == 0, PortTakenBy: _random.Next(9) == 0 ? Stranger : null);

        private bool Tell(HostEvent happened)
        {
            History.Add($"{_drive.State} <- {happened}");
            var generation = _drive.Record.Generation;
            _drive.On(happened);

            foreach (var effect in _drive.Effects)
                Obey(effect);

            _drive.Record.Generation.Should().BeInRange(generation, generation + 1);
            _drive.State.Run()?.Generation.Should().Be(_living, "the state names the server that lives");
            (_drive.State is HostState.Validating).Should().Be(_validating is not null, "a validation runs exactly while the state says so");
            (_drive.State is HostState.Spawning).Should().Be(_spawning is not null);
            (_living is not null && _spawning is null && _drive.State.Run() is null).Should().BeFalse("no server is forgotten");

            // What does not run reads the files when it is started.
            _owed &= _drive.State is not (HostState.Stopped or HostState.Left)
                && _drive.State is not HostState.Draining { Next: AfterDrain.Stop or AfterDrain.Leave }
                && _drive.State is not HostState.Spawning { Instead: not null };
            return true;
        }

        private void Obey(Effect effect)
        {
            switch (effect)
            {
                case Effect.Start start:
                    _living.Should().BeNull("there is one server at a time");
                    _spawning.Should().BeNull();
                    (_spawning, _owed) = (start.Launch.Generation, false);
                    break;
                case Effect.Drain(var generation):
                    generation.Should().Be(_living);
                    _drained.Should().BeNull("a server is drained once");
                    _drained = generation;
                    break;
                case Effect.Validate(var number):
                    _validating.Should().BeNull("one validation at a time");
                    _validating = number;
                    break;
                case Effect.CancelValidation(var number):
                    number.Should().Be(_validating);
                    _validating = null;
                    break;
                case Effect.Answer(var ticket, _):
                    _unanswered.Remove(ticket).Should().BeTrue("a ticket is answered once");
                    break;
                case Effect.Leave:
                    _left.Should().BeFalse();
                    _left = true;
                    _living.Should().BeNull();
                    break;
            }
        }
    }
}
