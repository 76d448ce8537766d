using Supervisor.Cli.Foreground;
using Supervisor.Cli.Rendering;
using Supervisor.Unit.Host;

namespace Supervisor.Unit.Cli;

/// <summary>One line about the start of several services, and what a slow start waits for.</summary>
public sealed class StartSummarySpecs
{
    private static readonly Dictionary<string, Uri> NoAddresses = new(StringComparer.Ordinal);

    [Fact]
    public void It_counts_what_is_up_names_what_is_not_and_shows_where_to_go()
    {
        var web = Boards.Service("web", ServicePhase.Ready, pid: 4) with { Ports = [8000] };
        var redis = Boards.Service("redis", ServicePhase.Running, pid: 5) with { Ports = [6379] };
        var migrate = Boards.Service("migrate", ServicePhase.Completed) with { Reason = null };
        var aspnet = Boards.Service("aspnet", ServicePhase.CrashLoop) with { Reason = "it exited with code 1; failed 5 times within 60 s; it stays down" };
        var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal) { ["web"] = new("http://127.0.0.1:8000/health?x=1") };

        Text([web, redis, migrate, aspnet], addresses)
            .Should().Be("3 of 4 ready in 2.9 s · aspnet: crash loop: \"it exited with code 1\" · web http://127.0.0.1:8000 · redis :6379");
    }

    [Fact]
    public void With_everything_up_there_is_nothing_to_compare_and_it_is_good() =>
        StartSummary.Of([Boards.Service("web", ServicePhase.Ready, pid: 4)], TimeSpan.FromSeconds(2.94), NoAddresses)
            .Should().Equal(new Notice.Part("1 ready in 2.9 s", Tone.Good));

    [Fact]
    public void A_long_reason_is_cut() =>
        Text([Boards.Service("a", ServicePhase.Failed) with { Reason = new string('x', 200) }], NoAddresses).Should().HaveLength("0 of 1 ready in 2.9 s · a: failed: \"\"".Length + 70);

    [Theory]
    [InlineData(ServicePhase.Pending, true)]
    [InlineData(ServicePhase.Starting, true)]
    [InlineData(ServicePhase.Backoff, true)]
    [InlineData(ServicePhase.Ready, false)]
    [InlineData(ServicePhase.Blocked, false)]
    [InlineData(ServicePhase.CrashLoop, false)]
    public void Until_every_service_is_up_or_down_for_good_the_start_is_under_way(ServicePhase state, bool isUnderWay) =>
        StartSummary.IsUnderWay(Boards.Service("web", state)).Should().Be(isUnderWay);

    [Fact]
    public void A_service_that_has_never_been_started_is_about_to_be()
    {
        StartSummary.IsUnderWay(Boards.Service("web", ServicePhase.Stopped) with { Generation = 0 }).Should().BeTrue();
        StartSummary.IsUnderWay(Boards.Service("web", ServicePhase.Stopped)).Should().BeFalse("somebody stopped it");
    }

    [Fact]
    public void A_slow_start_names_the_services_their_states_and_reasons() =>
        StartSummary.WaitingFor([
            Boards.Service("db", ServicePhase.Ready), Boards.Service("web", ServicePhase.Starting) with { Reason = "not ready yet: connection refused" },
            Boards.Service("worker", ServicePhase.Pending) with { Reason = "waits for web to be ready" },
        ]).Should().Be("waiting for web (starting: not ready yet: connection refused), worker (pending: waits for web to be ready)");

    [Fact]
    public void Services_are_started_with_what_they_depend_on()
    {
        ServiceSpec[] all =
        [
            TestServices.Web with { Name = "db", Autostart = false }, TestServices.Web with { Name = "web", DependsOn = Dependency("db") },
            TestServices.Web with { Name = "worker", DependsOn = Dependency("web"), Autostart = false }, TestServices.Web with { Name = "docs" },
        ];

        StartedServices.Of(all, []).Select(service => service.Name).Should().Equal("db", "web", "docs");
        StartedServices.Of(all, ["worker"]).Select(service => service.Name).Should().Equal("db", "web", "worker");
    }

    [Theory]
    [InlineData(ServicePhase.CrashLoop, true)]
    [InlineData(ServicePhase.Backoff, false)]
    [InlineData(ServicePhase.Ready, false)]
    public void A_service_that_waits_for_one_that_stays_down_has_settled_with_it(ServicePhase db, bool haveSettled)
    {
        ServiceSpec[] all =
        [
            TestServices.Web with { Name = "db" }, TestServices.Web with { Name = "web", DependsOn = Dependency("db") },
            TestServices.Web with { Name = "worker", DependsOn = Dependency("web") },
        ];

        StartedServices.HaveSettled(all, [Boards.Service("db", db), Boards.Service("web", ServicePhase.Pending), Boards.Service("worker", ServicePhase.Pending)])
            .Should().Be(haveSettled);
    }

    [Fact]
    public void An_address_has_the_port_that_the_service_really_got()
    {
        var web = TestServices.Web with { Port = 8000, Ready = new ReadySpec.Http(new Uri("http://localhost:8000/up"), TimeSpan.FromSeconds(1)) };
        var elsewhere = web with { Name = "proxied", Ready = new ReadySpec.Http(new Uri("http://localhost:9000/"), TimeSpan.FromSeconds(1)) };

        var addresses = StartedServices.Addresses(
            [web, elsewhere], [Boards.Service("web", ServicePhase.Ready) with { Ports = [8001] }, Boards.Service("proxied", ServicePhase.Ready) with { Ports = [8001] }]);

        addresses.Should().HaveCount(2);
        addresses["web"].Should().Be(new Uri("http://localhost:8001/up"));
        addresses["proxied"].Should().Be(new Uri("http://localhost:9000/"));
    }

    private static Dictionary<string, DependencyCondition> Dependency(string name) => new(StringComparer.Ordinal) { [name] = DependencyCondition.Ready };

    private static string Text(IReadOnlyList<ServiceStatus> services, Dictionary<string, Uri> addresses) =>
        new Notice("", StartSummary.Of(services, TimeSpan.FromSeconds(2.94), addresses)).Text;
}
