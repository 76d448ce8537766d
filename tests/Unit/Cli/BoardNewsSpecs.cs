using Supervisor.Cli.Rendering;
using Supervisor.Wire.Contracts;

namespace Supervisor.Unit.Cli;

public sealed class BoardNewsSpecs
{
    private static readonly ServiceStatus Ready = Boards.Service("web", ServicePhase.Ready, pid: 4);

    [Fact]
    public void A_board_like_the_one_before_is_no_news() =>
        News(Ready, Ready with { MemoryBytes = 5, CpuPercent = 3 }).Should().BeEmpty();

    [Fact]
    public void A_service_that_became_ready_is_told_with_its_pid_and_how_long_it_took() =>
        News(
            Boards.Service("web", ServicePhase.Starting) with { Generation = 0 },
            Ready with { ReadyAt = Boards.Noon.AddMilliseconds(410) }).Should().Equal("web: ready (pid 4) after 410ms");

    [Fact]
    public void A_reload_names_the_first_files_and_how_many_more_there_are() =>
        News(Ready, Ready with
        {
            State = ServicePhase.Draining, LastChange = new LastChange("files", ["a.py", "b.py", "c.py", "d.py"], Boards.Noon, null),
        }).Should().Equal("web: reloading: a.py, b.py, c.py and 1 more");

    [Fact]
    public void A_refused_change_is_told_once()
    {
        var stale = Ready with { Stale = true, Reason = "SyntaxError" };

        News(Ready, stale).Should().Equal("web: stale: the change was refused, the old server goes on: SyntaxError");
        News(stale, stale with { MemoryBytes = 1 }).Should().BeEmpty();
    }

    [Fact]
    public void A_crash_is_told_with_how_the_server_ended() =>
        News(Ready, Boards.Service("web", ServicePhase.Backoff) with { LastExit = new ExitStatus(ExitKind.Signal, null, "SIGSEGV", Boards.Noon) })
            .Should().Equal("web: down (SIGSEGV), will be started again");

    [Fact]
    public void A_watcher_that_died_and_is_back_is_told()
    {
        var died = Boards.Watching with { State = WatcherPhase.Crawling, LastExit = new ExitStatus(ExitKind.Signal, null, "SIGABRT", Boards.Noon) };

        Text(BoardNews.Between(Boards.Of(Ready), Boards.Of(died, Ready)))
            .Should().ContainSingle().Which.Should().StartWith("watcher: the watcher died (SIGABRT); the servers go on");
        Text(BoardNews.Between(Boards.Of(died, Ready), Boards.Of(Boards.Watching with { LastExit = died.LastExit }, Ready)))
            .Should().Equal("watcher: watching 12 folders, 90 files");
    }

    [Fact]
    public void A_tree_that_is_being_stopped_names_who_still_runs() =>
        BoardNews.StillWaitingFor(Boards.Of(
            Boards.Service("db", ServicePhase.Stopped), Boards.Service("web", ServicePhase.Draining, pid: 4), Boards.Service("api", ServicePhase.Draining)))
            .Should().Be("waiting for web (pid 4), api");

    [Fact]
    public void A_tree_in_which_nothing_runs_waits_for_nobody() =>
        BoardNews.StillWaitingFor(Boards.Of(Boards.Service("db", ServicePhase.CrashLoop))).Should().BeNull();

    private static IEnumerable<string> News(ServiceStatus before, ServiceStatus after) => Text(BoardNews.Between(Boards.Of(before), Boards.Of(after)));

    private static IEnumerable<string> Text(IEnumerable<BoardNews.Item> items) => items.Select(item => $"{item.About}: {item.Text}");
}
