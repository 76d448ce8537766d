using System.Runtime.InteropServices;
using Supervisor.Cli.Foreground;

namespace Supervisor.Unit.Cli;

public sealed class StopStageSpecs
{
    [Fact]
    public void Each_interrupt_leads_to_the_next_stage()
    {
        StopStage.None.After(PosixSignal.SIGINT).Should().Be(StopStage.Graceful);
        StopStage.Graceful.After(PosixSignal.SIGTERM).Should().Be(StopStage.Now);
        StopStage.Now.After(PosixSignal.SIGINT).Should().Be(StopStage.Abandon);
    }

    [Fact]
    public void A_terminal_that_hangs_up_several_times_takes_no_grace_period_away()
    {
        StopStage.None.After(PosixSignal.SIGHUP).Should().Be(StopStage.Graceful);
        StopStage.Graceful.After(PosixSignal.SIGHUP).Should().Be(StopStage.Graceful);
        StopStage.Now.After(PosixSignal.SIGHUP).Should().Be(StopStage.Now);
    }
}
