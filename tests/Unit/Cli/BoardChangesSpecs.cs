using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

public sealed class BoardChangesSpecs
{
    private static readonly ServiceStatus Ready = Boards.Service("web", ServicePhase.Ready, pid: 4);

    [Fact]
    public void A_board_like_the_one_before_is_no_news() =>
        News(Ready, Ready with { MemoryBytes = 5, CpuPercent = 3 }).Should().BeEmpty();

    [Fact]
    public void What_a_host_tells_by_itself_is_not_told_twice() =>
        News(Boards.Service("web", ServicePhase.Starting), Ready).Should().BeEmpty();

    [Fact]
    public void A_lost_host_cannot_tell_so_it_is_told() =>
        News(Ready, Boards.Service("web", ServicePhase.Backoff) with { HostPid = null, Reason = "its host was lost" })
            .Should().Equal("web: down: its host was lost");

    [Fact]
    public void A_service_that_waits_says_for_whom() =>
        News(Boards.Service("web", ServicePhase.Stopped), Boards.Service("web", ServicePhase.Pending) with { Reason = "waits for db to be ready" })
            .Should().Equal("web: pending: waits for db to be ready");

    [Fact]
    public void A_watcher_that_died_and_is_back_is_told()
    {
        var died = Boards.Watching with { State = WatcherPhase.Crawling, LastExit = new ExitStatus(ExitKind.Signal, null, "SIGABRT", Boards.Noon) };

        Text(BoardChanges.Between(Boards.Of(Ready), Boards.Of(died, Ready)))
            .Should().ContainSingle().Which.Should().StartWith("watcher: the watcher died (SIGABRT); the servers go on");
        Text(BoardChanges.Between(Boards.Of(died, Ready), Boards.Of(Boards.Watching with { LastExit = died.LastExit }, Ready)))
            .Should().Equal("watcher: watching 12 folders, 90 files");
    }

    [Theory]
    [InlineData(ExitCode.Ok)]
    [InlineData(ExitCode.TemporaryFailure)]
    public void A_watcher_that_left_in_order_did_not_die(ExitCode left) =>
        BoardChanges.Between(Boards.Of(Ready), Boards.Of(Boards.Watching with { LastExit = new ExitStatus(ExitKind.Exit, (int)left, null, Boards.Noon) }, Ready))
            .Should().BeEmpty();

    [Fact]
    public void A_tree_that_is_being_stopped_names_who_still_runs() =>
        BoardChanges.StillWaitingFor(Boards.Of(
            Boards.Service("db", ServicePhase.Stopped), Boards.Service("web", ServicePhase.Draining, pid: 4), Boards.Service("api", ServicePhase.Draining)))
            .Should().Be("waiting for web (pid 4), api");

    [Fact]
    public void A_tree_in_which_nothing_runs_waits_for_nobody() =>
        BoardChanges.StillWaitingFor(Boards.Of(Boards.Service("db", ServicePhase.CrashLoop))).Should().BeNull();

    private static IEnumerable<string> News(ServiceStatus before, ServiceStatus after) => Text(BoardChanges.Between(Boards.Of(before), Boards.Of(after)));

    private static IEnumerable<string> Text(IEnumerable<BoardChanges.Item> items) => items.Select(item => $"{item.About}: {item.Text}");
}
