using Supervisor.Cli.Foreground;
using Supervisor.Unit.Host;

namespace Supervisor.Unit.Cli;

/// <summary>What a foreground run tells by the clock.</summary>
public sealed class NoticesSpecs
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(7);
    private static readonly ServiceStatus Ready = Boards.Service("web", ServicePhase.Ready, pid: 4);
    private static readonly ServiceStatus Refused = Ready with { Stale = true, Reason = "validation exited with code 1: SyntaxError: bad" };

    private readonly Notices _notices = new([TestServices.Web], Start);

    [Fact]
    public void The_start_is_summed_up_once_when_everything_has_settled_and_its_lines_are_shown()
    {
        Due(1, Boards.Service("web", ServicePhase.Starting)).Should().BeEmpty();
        _notices.Due(Boards.Of(Ready), Start + TimeSpan.FromSeconds(2), _ => false).Should().BeEmpty("its line is not shown yet");

        Due(2.5, Ready).Should().Equal("supervisor: 1 ready in 2.0 s");
        Due(3, Ready).Should().BeEmpty();
    }

    [Fact]
    public void A_service_that_writes_no_line_delays_the_summary_by_five_seconds()
    {
        _notices.Due(Boards.Of(Ready), Start + TimeSpan.FromSeconds(2), _ => false).Should().BeEmpty();

        _notices.Due(Boards.Of(Ready), Start + TimeSpan.FromSeconds(7), _ => false).Should().ContainSingle();
    }

    [Fact]
    public void A_slow_start_says_once_what_it_waits_for()
    {
        var starting = Boards.Service("web", ServicePhase.Starting);

        Due(0, starting).Should().BeEmpty();
        Due(9, starting).Should().BeEmpty();
        Due(11, starting).Should().Equal("supervisor: waiting for web (starting)");
        Due(20, starting with { Reason = "another attempt" }).Should().BeEmpty();
    }

    [Fact]
    public void A_pending_service_is_told_only_if_that_lasts()
    {
        var pending = Boards.Service("api", ServicePhase.Pending) with { Reason = "waits for db to be ready" };

        Due(0, pending).Should().BeEmpty();
        Due(0.4, pending).Should().BeEmpty();
        Due(0.5, pending).Should().Equal("api: pending: waits for db to be ready");
        Due(0.6, pending).Should().BeEmpty();
    }

    [Fact]
    public void While_the_old_code_serves_there_is_a_reminder_less_and_less_often()
    {
        Due(0, Ready).Should().HaveCount(1, "the summary");
        var reminders = Enumerable.Range(1, 3600).Where(second => Due(second, Refused).Count > 0).ToArray();

        reminders.Should().Equal(31, 91, 211, 451, 931, 1531, 2131, 2731, 3331);
        Due(3931, Refused).Should().Equal("web: ! stale for 1h 5m, the old code serves: SyntaxError: bad");
    }

    [Fact]
    public void A_new_refusal_is_reminded_of_from_the_beginning_and_a_reload_ends_it()
    {
        Due(0, Refused);
        Due(29, Refused with { Reason = "another" }).Should().BeEmpty();
        Due(31, Refused with { Reason = "another" }).Should().BeEmpty();
        Due(32, Ready);
        Due(33, Refused).Should().BeEmpty();
        Due(62, Refused).Should().BeEmpty();
        Due(63, Refused).Should().ContainSingle();
    }

    [Fact]
    public void A_stop_names_what_it_waits_for_only_if_that_lasts_and_tells_nothing_else()
    {
        _notices.BeginStop();

        Due(0, Refused).Should().BeEmpty();
        Due(0.4, Refused).Should().BeEmpty();
        Due(0.5, Refused).Should().Equal("supervisor: waiting for web (pid 4)");
        Due(100, Refused).Should().BeEmpty();
    }

    [Fact]
    public void Nothing_wakes_an_idle_terminal()
    {
        _notices.HavePending(Boards.Of(Ready)).Should().BeTrue("the summary is due");
        Due(1, Ready);

        _notices.HavePending(Boards.Of(Ready)).Should().BeFalse();
        _notices.HavePending(Boards.Of(Refused)).Should().BeTrue();
    }

    private IReadOnlyList<string> Due(double seconds, ServiceStatus service) =>
        [.. _notices.Due(Boards.Of(service), Start + TimeSpan.FromSeconds(seconds), _ => true).Select(notice => $"{notice.About}: {notice.Text}")];
}
