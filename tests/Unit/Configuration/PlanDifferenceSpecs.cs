using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

public sealed class PlanDifferenceSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    [Fact]
    public void Services_are_added_removed_changed_or_untouched()
    {
        var difference = Between(
            """ "services": { "web": { "command": "a" }, "db": { "command": "b" }, "old": { "command": "c" } } """,
            """ "services": { "db": { "command": "b" }, "late": { "command": "d" }, "web": { "command": "a", "port": 80, "env": { "A": "1" }, "cwd": "." } } """);

        difference.Should().BeEquivalentTo(new ConfigurationDifference(["late"], ["old"], [new ServiceDifference("web", ["env", "port"], Restarts: true)], ["db"], []));
    }

    [Theory]
    [InlineData(""" "watch": { "paths": ["."], "onChange": "signal:HUP", "debounce": "2s" } """, "watch")]
    [InlineData(""" "dependsOn": { "db": "ready" } """, "dependsOn")]
    [InlineData(""" "autostart": false """, "autostart")]
    public void Watch_rules_and_dependencies_change_without_a_restart(string more, string key)
    {
        var difference = Between(
            """ "services": { "web": { "command": "a" }, "db": { "command": "b" } } """,
            $$""" "services": { "web": { "command": "a", {{more}} }, "db": { "command": "b" } } """);

        difference.Changed.Should().BeEquivalentTo([new ServiceDifference("web", [key], Restarts: false)]);
        difference.Untouched.Should().Equal("db");
    }

    [Fact]
    public void An_env_file_is_named_by_its_key()
    {
        File.WriteAllText(_folder.At(".env"), "A=1\n");

        var difference = Between(""" "services": { "web": { "command": "a" } } """, """ "services": { "web": { "command": "a", "envFile": ".env" } } """);

        difference.Changed.Should().BeEquivalentTo([new ServiceDifference("web", ["env", "envFile"], Restarts: true)]);
    }

    [Fact]
    public void A_changed_health_check_restarts_its_service()
    {
        var difference = Between(
            """ "services": { "web": { "command": "a", "health": { "tcp": 80 } } } """,
            """ "services": { "web": { "command": "a", "health": { "tcp": 80, "failures": 5 } } } """);

        difference.Changed.Should().BeEquivalentTo([new ServiceDifference("web", ["health"], Restarts: true)]);
    }

    [Fact]
    public void Settings_of_the_tree_and_of_the_watcher_are_named()
    {
        const string Services = """ "services": { "web": { "command": "a" } } """;

        Between(Services, $$""" "watcher": { "settle": "50ms", "gitignore": false }, "orphanGrace": "5s", {{Services}} """)
            .Settings.Should().BeEquivalentTo("watcher.settle", "watcher.gitignore", "orphanGrace");
    }

    [Fact]
    public void The_order_of_services_defaults_and_comments_make_no_difference()
    {
        var difference = Between(
            """ "services": { "web": { "command": "a" }, "db": { "command": "b" } } """,
            """ "services": { /* first */ "db": { "command": "b", "autostart": true }, "web": { "command": "a" } } """);

        difference.IsEmpty.Should().BeTrue();
        difference.Untouched.Should().BeEquivalentTo("web", "db");
    }

    [Fact]
    public void A_watcher_is_replaced_exactly_if_its_settings_or_watch_rules_change()
    {
        var web = Plan(""" "services": { "web": { "command": "a", "watch": {} }, "db": { "command": "b" } } """);

        Plan(""" "services": { "db": { "command": "c" }, "web": { "command": "d", "watch": {} } }, "orphanGrace": "5s" """).WatchHash.Should().Be(web.WatchHash);
        Plan(""" "services": { "web": { "command": "a", "watch": { "include": ["*.py"] } }, "db": { "command": "b" } } """).WatchHash.Should().NotBe(web.WatchHash);
        Plan(""" "services": { "web": { "command": "a", "watch": {} }, "db": { "command": "b", "watch": {} } } """).WatchHash.Should().NotBe(web.WatchHash);
        Plan(""" "watcher": { "settle": "50ms" }, "services": { "web": { "command": "a", "watch": {} }, "db": { "command": "b" } } """).WatchHash.Should().NotBe(web.WatchHash);
    }

    public void Dispose() => _folder.Dispose();

    private ConfigurationDifference Between(string before, string after) => PlanDifference.Between(Plan(before).Spec, Plan(after).Spec);

    private TreePlan Plan(string members) => new(_folder.Read("{ " + members + " }"), DateTimeOffset.UnixEpoch, maxStarting: 4, autostart: true);
}
