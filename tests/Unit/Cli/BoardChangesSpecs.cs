using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

public sealed class BoardChangesSpecs
{
    private static readonly ServiceStatus Ready = Boards.Service("web", ServicePhase.Ready, pid: 4);

    [Fact]
    public void Equal_boards_are_not_reported() =>
        Changes(Ready, Ready with { MemoryBytes = 5, CpuPercent = 3 }).Should().BeEmpty();

    [Fact]
    public void What_a_host_reports_itself_is_not_repeated() =>
        Changes(Boards.Service("web", ServicePhase.Starting), Ready).Should().BeEmpty();

    [Fact]
    public void A_lost_host_is_reported() =>
        Changes(Ready, Boards.Service("web", ServicePhase.Backoff) with { HostPid = null, Reason = "its host was lost" })
            .Should().Equal("web: down: its host was lost");

    [Fact]
    public void The_death_and_the_return_of_a_watcher_are_reported()
    {
        var died = Boards.Watching with { State = WatcherPhase.Crawling, LastExit = new ExitStatus(ExitKind.Signal, null, "SIGABRT", Boards.Noon) };

        Text(BoardChanges.Between(Boards.Of(Ready), Boards.Of(died, Ready)))
            .Should().ContainSingle().Which.Should().StartWith("watcher: the watcher died (SIGABRT); the servers keep running");
        Text(BoardChanges.Between(Boards.Of(died, Ready), Boards.Of(Boards.Watching with { LastExit = died.LastExit }, Ready)))
            .Should().Equal("watcher: watching 12 folders, 90 files");
    }

    [Theory]
    [InlineData(ExitCode.Ok)]
    [InlineData(ExitCode.TemporaryFailure)]
    public void A_planned_exit_of_the_watcher_is_not_reported_as_a_death(ExitCode left) =>
        BoardChanges.Between(Boards.Of(Ready), Boards.Of(Boards.Watching with { LastExit = new ExitStatus(ExitKind.Exit, (int)left, null, Boards.Noon) }, Ready))
            .Should().BeEmpty();

    [Fact]
    public void A_stopping_tree_names_the_services_that_still_run() =>
        BoardChanges.StillWaitingFor(Boards.Of(
            Boards.Service("db", ServicePhase.Stopped), Boards.Service("web", ServicePhase.Draining, pid: 4), Boards.Service("api", ServicePhase.Draining)))
            .Should().Be("waiting for web (pid 4), api");

    [Fact]
    public void A_tree_without_running_services_waits_for_none() =>
        BoardChanges.StillWaitingFor(Boards.Of(Boards.Service("db", ServicePhase.CrashLoop))).Should().BeNull();

    private static IEnumerable<string> Changes(ServiceStatus before, ServiceStatus after) => Text(BoardChanges.Between(Boards.Of(before), Boards.Of(after)));

    private static IEnumerable<string> Text(IEnumerable<Notice> items) => items.Select(item => $"{item.About}: {item.Text}");
}
