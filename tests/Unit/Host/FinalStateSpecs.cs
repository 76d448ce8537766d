using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Services that are down: what a change of their files and a command do.</summary>
public sealed class FinalStateSpecs
{
    private static readonly ServiceSpec Task = TestServices.Web.Restarting(RestartPolicy.Never);

    public static TheoryData<string> FinalStates => ["completed", "failed", "crash-loop", "blocked", "refused"];

    [Theory]
    [MemberData(nameof(FinalStates))]
    public void A_change_starts_what_is_down_once(string state)
    {
        var driver = DownAs(state).Later(10).Change();

        if (driver.State is HostState.Validating { Number: var number })
            driver.On(new HostEvent.ValidationPassed(number));

        driver.State.Should().BeOfType<HostState.Spawning>().Which.Attempt.Cause.Should().Be(Cause.Files);
        driver.After(100).Effects.Should().BeEmpty("one change is one start");
    }

    [Theory]
    [MemberData(nameof(FinalStates))]
    public void A_change_of_an_env_file_starts_it_too(string state)
    {
        var driver = DownAs(state).Later(10).On(new HostEvent.EnvFileChanged("e1", [".env"]));

        driver.State.Should().Match<HostState>(next => next is HostState.Spawning || next is HostState.Validating);
    }

    [Theory]
    [MemberData(nameof(FinalStates))]
    public void What_a_user_has_stopped_stays_stopped(string state)
    {
        var driver = DownAs(state).Stop().Later(10).Change().On(new HostEvent.EnvFileChanged("e1", [".env"])).After(100);

        driver.State.Should().BeOfType<HostState.Stopped>();
    }

    [Theory]
    [MemberData(nameof(FinalStates))]
    public void The_start_of_its_dependant_starts_it(string state)
    {
        var driver = DownAs(state).Start(Cause.Dependency);

        driver.State.Should().Match<HostState>(next => next is HostState.Spawning || next is HostState.Validating);
    }

    [Fact]
    public void A_task_that_fails_again_after_a_change_stays_failed_until_the_next_change()
    {
        var driver = DownAs("failed").Later(10).Change().Spawned().Dies();
        driver.State.Should().BeOfType<HostState.Failed>();

        driver.Later(10).Change().Spawned().Dies(code: 0).State.Should().BeOfType<HostState.Completed>();
    }

    [Fact]
    public void A_failure_of_the_probation_start_leads_back_to_the_crash_loop() =>
        DownAs("crash-loop").Later(10).Change().Spawned().Dies().State.Should().BeOfType<HostState.CrashLoop>();

    [Fact]
    public void A_task_that_writes_a_watched_file_each_time_it_runs_is_held_back()
    {
        var driver = new HostDriver(Task).Start();

        for (var run = 0; run < 7 && driver.State is HostState.Spawning; run++)
            driver.Spawned().Later(30).Dies(code: 0).Later(0.2).Change("out/made");

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Completed && status.Stale && status.Generation == 6);
        driver.Status.Reason.Should().StartWith("held back").And.Contain("made");
    }

    [Fact]
    public void A_server_that_writes_a_watched_file_and_crashes_does_not_escape_its_crash_loop_for_ever()
    {
        var driver = new HostDriver(TestServices.Web).Start();
        var starts = 0;

        for (var second = 0; second < 30; second++)
        {
            if (driver.State is HostState.Spawning)
            {
                starts++;
                driver.Spawned().Later(0.1).Dies().Later(0.2).Change("made");
            }

            driver.After(1);
        }

        starts.Should().BeLessThan(15);
    }

    private static HostDriver DownAs(string state)
    {
        switch (state)
        {
            case "completed":
                return new HostDriver(Task).Start().Spawned().Dies(code: 0);

            case "failed":
                return new HostDriver(Task).Start().Spawned().Dies();

            case "blocked":
                return new HostDriver(Task).Start().On(new HostEvent.SpawnFailed(1, Transient: false, "no such program"));

            case "refused":
                var refused = new HostDriver(Task.WithValidation(atStart: true)).Start();
                return refused.On(new HostEvent.ValidationRefused(1, "SyntaxError"));

            default:
                var driver = new HostDriver(TestServices.Web).Start();

                while (driver.State is not HostState.CrashLoop)
                    _ = driver.State is HostState.Spawning ? driver.Spawned().Dies() : driver.After(1);

                return driver;
        }
    }
}
