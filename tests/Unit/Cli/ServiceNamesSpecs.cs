using Supervisor.Cli;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Unit.Host;

namespace Supervisor.Unit.Cli;

/// <summary>What names on the command line stand for.</summary>
public sealed class ServiceNamesSpecs
{
    private static readonly ServiceNames Names = new(
        ["db", "api-1", "api-2", "web"],
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["api"] = ["api-1", "api-2"], ["backend"] = ["db", "api-1", "api-2"] });

    [Theory]
    [InlineData("web", "web")]
    [InlineData("backend", "db api-1 api-2")]
    [InlineData("api web", "api-1 api-2 web")]
    [InlineData("api-2 backend", "api-2 db api-1")]
    [InlineData("api-*", "api-1 api-2")]
    [InlineData("?eb *b", "web db")]
    public void A_name_stands_for_a_service_a_group_or_what_matches(string asked, string services) =>
        Names.Resolve(asked.Split(' ')).Should().Equal(services.Split(' '));

    [Fact]
    public void A_pattern_never_means_the_watcher() => Names.WithWatcher().Resolve(["w*", "watcher"]).Should().Equal("web", "watcher");

    [Theory]
    [InlineData("bakend", "Unknown service \"bakend\"; did you mean \"backend\"? Services: db, api-1, api-2, web. Groups: api, backend.")]
    [InlineData("job-*", "No service matches \"job-*\". Services: db, api-1, api-2, web. Groups: api, backend.")]
    public void A_name_that_stands_for_nothing_is_told_with_those_that_do(string asked, string message) =>
        FluentActions.Invoking(() => Names.Resolve([asked])).Should().Throw<CommandFailure>().Where(e => e.ExitCode == ExitCode.NoSuchService).WithMessage(message);

    [Fact]
    public void Where_one_service_is_wanted_a_group_is_refused_with_its_services() =>
        FluentActions.Invoking(() => Names.One("api")).Should().Throw<CommandFailure>()
            .WithMessage("\"api\" stands for several services, and only one can be named here: api-1, api-2.");

    [Theory]
    [InlineData("", "web", false, "db api")]
    [InlineData("", "db", true, "api web")]
    [InlineData("api web", "web", false, "api")]
    [InlineData("", "", true, "db api web")]
    [InlineData("", "", false, "")]
    [InlineData("late", "", false, "late")]
    public void A_start_without_some_services_names_the_others(string named, string except, bool alone, string asked) =>
        new StartSelection(Words(named), Words(except), alone).In(Tree).Should().Equal(Words(asked));

    [Theory]
    [InlineData("", "db", "api depends on db: leave both out (--except db --except api), or add --no-deps, which starts services without what they depend on.")]
    [InlineData("web", "web", "--except leaves no service to start.")]
    public void A_start_without_what_others_need_or_without_anything_is_refused(string named, string except, string message) =>
        FluentActions.Invoking(() => new StartSelection(Words(named), Words(except), Alone: false).In(Tree))
            .Should().Throw<CommandFailure>().Where(e => e.ExitCode == ExitCode.BadUsage).WithMessage(message);

    private static TreeSpec Tree => new(
        "/project/supervisor.json", null!, OrphanGrace: null,
        [
            TestServices.Web with { Name = "db" },
            TestServices.Web with { Name = "api", DependsOn = new Dictionary<string, DependencyCondition>(StringComparer.Ordinal) { ["db"] = DependencyCondition.Ready } },
            TestServices.Web,
            TestServices.Web with { Name = "late", Autostart = false },
        ]);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
