using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>What the exit of a shell says about the program that it has waited for.</summary>
public sealed class ExitUnderShellSpecs : ProcessSpecs
{
    [Theory]
    [InlineData(129, "killed by SIGHUP")]
    [InlineData(137, "killed by SIGKILL")]
    [InlineData(139, "killed by SIGSEGV")]
    [InlineData(143, "killed by SIGTERM")]
    [InlineData(0, "exited with code 0")]
    [InlineData(127, "exited with code 127")]
    [InlineData(128, "exited with code 128")]
    [InlineData(145, "exited with code 145")]
    [InlineData(147, "exited with code 147")]
    [InlineData(156, "exited with code 156")]
    [InlineData(255, "exited with code 255")]
    public void A_code_is_a_signal_if_that_signal_ends_processes(int code, string told) =>
        new ExitReason.Exited(code).OfProgramUnderShell().Describe().Should().Be(told);

    [Fact]
    public void A_shell_that_was_killed_itself_is_told_as_that()
    {
        var killed = new ExitReason.Signaled(Signals.Parse("SEGV"), CoreDumped: true);

        killed.OfProgramUnderShell().Should().BeSameAs(killed);
    }

    [Fact]
    public async Task The_last_program_of_a_process_is_known_after_its_end()
    {
        var shell = Fixture.Spawn(Fixture.Shell("sleep 600; exit 5"));
        var replaced = Fixture.Spawn(Fixture.Shell("cd /; exec sleep 0.01"));

        await replaced.Exited;
        shell.TrySignalGroup(Signals.Kill).Should().BeTrue();
        await shell.Exited;

        shell.LastProgram.Should().Be("sh");
        replaced.LastProgram.Should().Be("sleep");
    }
}
