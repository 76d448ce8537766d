using Supervisor.Cli.Foreground;
using Supervisor.Unit.Host;

namespace Supervisor.Unit.Cli;

/// <summary>When a foreground run ends itself, and with which exit code.</summary>
public sealed class RunEndSpecs
{
    private static readonly ServiceStatus Good = Boards.Service("good", ServicePhase.Completed);
    private static readonly ServiceStatus Bad = Boards.Service("bad", ServicePhase.Failed) with { LastExit = Exit(7), Reason = "exited with code 7" };
    private static readonly ServiceStatus Web = Boards.Service("web", ServicePhase.Running, pid: 9);

    [Fact]
    public void A_run_is_over_when_every_service_has_ended()
    {
        End(Spec("good")).Of(Boards.Of(Good)).Should().Be(new RunVerdict(0, "good has ended with success"));
        End().Of(Boards.Of(Good, Bad)).Should().Be(new RunVerdict(5, "bad failed: exited with code 7"));
        End().Of(Boards.Of(Good, Boards.Service("bad", ServicePhase.CrashLoop) with { Reason = "it died" })).Should().Be(new RunVerdict(5, "bad is in a crash loop: it died"));
    }

    [Theory]
    [InlineData(ServicePhase.Running)]
    [InlineData(ServicePhase.Ready)]
    [InlineData(ServicePhase.Pending)]
    [InlineData(ServicePhase.Backoff)]
    [InlineData(ServicePhase.Blocked)]
    [InlineData(ServicePhase.Stopped)]
    public void It_goes_on_while_a_service_runs_waits_or_was_stopped_by_somebody(ServicePhase phase) =>
        End().Of(Boards.Of(Good, Boards.Service("web", phase))).Should().BeNull();

    [Fact]
    public void It_goes_on_while_a_change_could_start_a_service_again()
    {
        End(Spec("good", isWatched: true)).Of(Boards.Of(Good)).Should().BeNull();
        End(Spec("good", isWatched: true).OnChange(ChangeAction.None)).Of(Boards.Of(Good)).Should().NotBeNull();
        End(Spec("good")).Of(Boards.Of(Good, Boards.Service("added", ServicePhase.Completed))).Should().BeNull("what a reload has added may be watched");
    }

    [Fact]
    public void It_goes_on_while_a_completed_task_has_something_for_its_stop_command()
    {
        var containers = Spec("good") with { Stop = TestServices.Web.Stop with { Command = ["docker", "compose", "down"] } };

        End(containers).Of(Boards.Of(Good)).Should().BeNull();
        End(containers).Of(Boards.Of(Good with { State = ServicePhase.Failed })).Should().NotBeNull();
    }

    [Fact]
    public void What_the_deciding_service_needs_may_fail_where_its_end_is_enough()
    {
        var end = End(Spec("web"), Spec("bad") with { DependsOn = new Dictionary<string, DependencyCondition>(StringComparer.Ordinal) { ["web"] = DependencyCondition.Ended } });

        (end with { CodeFrom = "bad" }).Of(Boards.Of(Web with { State = ServicePhase.Failed }, Boards.Service("bad", ServicePhase.Pending))).Should().BeNull();
    }

    [Fact]
    public void A_service_that_was_never_started_does_not_count_unless_it_is_to_start()
    {
        var manual = Boards.Service("manual", ServicePhase.Stopped) with { Generation = 0 };

        End(Spec("good")).Of(Boards.Of(Good, manual)).Should().NotBeNull();
        End(Spec("good"), Spec("manual")).Of(Boards.Of(Good, manual)).Should().BeNull();
        End().Of(Boards.Of(manual)).Should().BeNull();
    }

    [Fact]
    public void On_request_it_ends_with_the_first_that_ends_or_fails_or_with_the_last()
    {
        End(EndRule.Any).Of(Boards.Of(Web, Good))!.ExitCode.Should().Be(0);
        End(EndRule.Any).Of(Boards.Of(Web, Bad))!.ExitCode.Should().Be(5);
        End(EndRule.Any).Of(Boards.Of(Web)).Should().BeNull();
        End(EndRule.Failed).Of(Boards.Of(Web, Good)).Should().BeNull();
        End(EndRule.Failed).Of(Boards.Of(Web, Bad))!.ExitCode.Should().Be(5);
        End(EndRule.Failed).Of(Boards.Of(Good))!.ExitCode.Should().Be(0, "nothing is left");
        End(EndRule.All).Of(Boards.Of(Web, Good)).Should().BeNull();
        (End(Spec("good", isWatched: true)) with { Rule = EndRule.All }).Of(Boards.Of(Good, Boards.Service("web", ServicePhase.Stopped)))!.ExitCode.Should().Be(0);
    }

    [Fact]
    public void The_deciding_service_ends_it_with_its_exit_code()
    {
        var end = End(Spec("web"), Spec("bad") with { DependsOn = new Dictionary<string, DependencyCondition>(StringComparer.Ordinal) { ["web"] = DependencyCondition.Ready } });
        end = end with { CodeFrom = "bad" };

        end.Of(Boards.Of(Web, Bad)).Should().Be(new RunVerdict(7, "bad failed: exited with code 7"));
        end.Of(Boards.Of(Web, Boards.Service("bad", ServicePhase.Completed)))!.ExitCode.Should().Be(0);
        end.Of(Boards.Of(Web, Boards.Service("bad", ServicePhase.Running, pid: 8))).Should().BeNull();
        var waiting = Boards.Service("bad", ServicePhase.Pending) with { Reason = "waits for web to be ready (it failed)" };
        end.Of(Boards.Of(Web, waiting)).Should().BeNull();
        end.Of(Boards.Of(Web with { State = ServicePhase.Failed }, waiting))!.Should().Be(new RunVerdict(5, "bad cannot start: waits for web to be ready (it failed)"));
    }

    [Theory]
    [InlineData(7, null, 7)]
    [InlineData(0, null, 1)]
    [InlineData(null, "SIGTERM", 143)]
    [InlineData(null, null, 1)]
    public void The_exit_code_of_a_failed_service_is_as_a_shell_reports_it(int? code, string? signal, int expected) => RunEnd.ExitCodeOf(
        Bad with { LastExit = new ExitStatus(signal is null ? ExitKind.Exit : ExitKind.Signal, code, signal, Boards.Noon) }).Should().Be(expected);

    private static RunEnd End(params ServiceSpec[] started) =>
        new(EndRule.NothingIsLeft, started.Length > 0 ? started : [Spec("good"), Spec("bad"), Spec("web")]);

    private static RunEnd End(EndRule rule) => new(rule, [Spec("good"), Spec("web")]);

    private static ServiceSpec Spec(string name, bool isWatched = false) => TestServices.Web with { Name = name, Watch = isWatched ? TestServices.Web.Watch : null };

    private static ExitStatus Exit(int code) => new(ExitKind.Exit, code, Signal: null, Boards.Noon);
}
