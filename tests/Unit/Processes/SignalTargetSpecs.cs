using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>Who gets a signal that is meant for the server of a shell.</summary>
public sealed class SignalTargetSpecs : ProcessSpecs
{
    private const int Main = 10;

    [Fact]
    public void A_server_under_the_shell_gets_it() =>
        Choose(Idle(10, 1, "sh"), Handler(11, 10, "python3")).Should().Equal(11);

    [Fact]
    public void The_workers_of_a_server_do_not() =>
        Choose(Idle(10, 1, "sh"), Handler(11, 10, "gunicorn"), Handler(12, 11, "gunicorn"), Handler(13, 11, "gunicorn")).Should().Equal(11);

    [Fact]
    public void What_only_carries_its_output_or_sleeps_beside_it_does_not() =>
        Choose(Idle(10, 1, "sh"), Idle(11, 10, "sleep"), Handler(13, 10, "node"), Idle(14, 10, "tee")).Should().Equal(13);

    [Fact]
    public void Two_servers_of_one_command_get_it_both() =>
        Choose(Idle(10, 1, "sh"), Handler(12, 10, "worker"), Idle(11, 10, "sh"), Handler(13, 11, "web")).Should().Equal(12, 13);

    [Fact]
    public void A_server_behind_programs_that_do_not_handle_it_is_found() =>
        Choose(Idle(10, 1, "sh"), Idle(11, 10, "npm run dev"), Idle(12, 11, "sh"), Handler(13, 12, "node")).Should().Equal(13);

    [Fact]
    public void A_shell_that_handles_it_itself_gets_it() =>
        Choose(Handler(10, 1, "sh"), Idle(11, 10, "sleep")).Should().Equal(10);

    [Fact]
    public void A_shell_that_has_become_the_server_gets_it_as_the_server() =>
        Choose(Idle(10, 1, "python3"), Idle(11, 10, "python3")).Should().Equal(10);

    [Fact]
    public void A_server_that_waits_for_its_signals_blocks_them() =>
        Choose(Idle(10, 1, "sh"), Idle(11, 10, "waiter") with { Blocks = true }).Should().Equal(11);

    [Fact]
    public void A_shell_that_blocks_it_forks_and_does_not_get_it() =>
        Choose(Idle(10, 1, "sh") with { Blocks = true }, Handler(11, 10, "python3")).Should().Equal(11);

    [Fact]
    public void If_nothing_handles_it_the_nearest_program_gets_it_as_it_would_without_a_shell() =>
        Choose(Idle(10, 1, "sh"), Idle(11, 10, "bash"), Idle(13, 11, "server"), Idle(12, 11, "server"), Idle(14, 12, "worker")).Should().Equal(12);

    [Fact]
    public void A_shell_without_a_server_does_not_get_it() =>
        Choose(Idle(10, 1, "sh"), Idle(11, 10, "sh")).Should().BeEmpty();

    [Fact]
    public void A_process_of_another_tree_does_not() =>
        Choose(Handler(99, 1, "python3"), Idle(10, 1, "sh")).Should().BeEmpty();

    [Fact]
    public async Task What_a_process_does_with_a_signal_is_read_from_the_system()
    {
        var child = await Fixture.SpawnReadyAsync(Fixture.Program(
            "python3", "-c",
            "import signal, time\nsignal.signal(signal.SIGHUP, lambda *_: 0)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nprint('ready', flush=True)\ntime.sleep(60)"));

        SignalReceiver.TryRead(child.Pid, Signals.Hangup).Should().BeEquivalentTo(new { child.Pid, Parent = Environment.ProcessId, Catches = true, Blocks = false });
        SignalReceiver.TryRead(child.Pid, Signals.Parse("USR1")).Should().BeEquivalentTo(new { Catches = false, Blocks = true });
        SignalReceiver.TryRead(child.Pid, Signals.Parse("USR2")).Should().BeEquivalentTo(new { Catches = false, Blocks = false });

        child.TrySignal(Signals.Kill).Should().BeTrue();
        await child.Exited;
        SignalReceiver.TryRead(child.Pid, Signals.Hangup).Should().BeNull();
        child.LastProgram.Should().StartWith("python3");
    }

    private static IReadOnlyList<int> Choose(params SignalReceiver[] tree) => SignalTargets.Choose(Main, tree);

    private static SignalReceiver Idle(int pid, int parent, string program) => new(pid, parent, program, Catches: false, Blocks: false);

    private static SignalReceiver Handler(int pid, int parent, string program) => new(pid, parent, program, Catches: true, Blocks: false);
}
