using Supervisor.Host.Running;
using Supervisor.Processes;

namespace Supervisor.Unit.Host;

/// <summary>What is told about the end of a server that was asked to end.</summary>
public sealed class StopTextSpecs
{
    private static readonly StopSpec Asked = new(Signals.Terminate, TimeSpan.FromSeconds(5));
    private static readonly ExitReason Killed = new ExitReason.Signaled(Signals.Kill, CoreDumped: false);

    [Fact]
    public void A_server_that_obeys_is_told_as_stopped_and_nothing_else()
    {
        Of(new ExitReason.Exited(0)).Should().BeNull();
        Of(new ExitReason.Signaled(Signals.Terminate, CoreDumped: false)).Should().BeNull("that is what the signal does");
        Of(new ExitReason.Exited(143)).Should().BeNull("runtimes that handle the signal exit with this code");
    }

    [Fact]
    public void Another_end_is_told()
    {
        Of(new ExitReason.Exited(1)).Should().Be("exited with code 1");
        Of(new ExitReason.Exited(130)).Should().Be("exited with code 130", "that is another signal's");
        Of(new ExitReason.Signaled(Signals.Abort, CoreDumped: true)).Should().Be("killed by SIGABRT (core dumped)");
        Of(Killed).Should().Be("killed by SIGKILL", "somebody else did it");
        Of(new ExitReason.Lost()).Should().Be("gone without an exit status");
    }

    [Fact]
    public void A_kill_after_the_grace_period_is_told_with_its_reason()
    {
        Of(Killed, killed: true).Should().Be("did not end within 5 s of SIGTERM and was killed");
        Of(Killed, killed: true, atOnce: true).Should().Be("killed at once, as requested");
        Of(new ExitReason.Exited(0), killed: true).Should().Be("left processes that did not end in time and were killed");
        Of(new ExitReason.Exited(0), killed: true, atOnce: true).Should().BeNull();
    }

    private static string? Of(ExitReason exit, bool killed = false, bool atOnce = false) => StopText.Of(exit, new StopReport(killed, []), Asked, atOnce);
}
