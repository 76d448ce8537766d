using Supervisor.Tree.Harness;
using static Supervisor.Tree.Configurations;

namespace Supervisor.Tree;

/// <summary><c>supervisor reload</c> applies the difference between the running configuration and the file, and nothing else.</summary>
public sealed class ConfigurationReloadSpecs
{
    [Fact]
    public async Task An_added_service_is_started_and_the_others_keep_their_processes()
    {
        await using var tree = TestTree.Create();
        var (web, db, late) = (new TestService(tree, "web"), new TestService(tree, "db"), new TestService(tree, "late"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry(), late.Entry(), db.Entry());
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().StartWith("+ late, web and db untouched\n").And.Contain("late is up (process ");
        var after = await tree.StatusAsync();
        after.Services.Select(service => service.Name).Should().Equal("web", "late", "db");
        after.Service("late").State.Should().Be(ServicePhase.Ready);
        AreTheSame(before, after, "web", "db");
        late.Save("page.txt", "saved after the reload");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await late.ServedAsync()).Should().Be(late.OnDisk()).And.Contain("saved after the reload");
        AreTheSame(before, await tree.StatusAsync(), "web", "db");
    }

    [Fact]
    public async Task A_removed_service_is_stopped_after_its_dependants_and_disappears()
    {
        await using var tree = TestTree.Create();
        var (web, api, db) = (new TestService(tree, "web"), new TestService(tree, "api"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), api.Entry(more: """ "dependsOn": { "db": "ready" } """), db.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry());
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().Be("- api, - db, web untouched\n");
        var after = await tree.StatusAsync();
        after.Services.Select(service => service.Name).Should().Equal("web");
        AreTheSame(before, after, "web");
        (await api.AnswersAsync()).Should().BeFalse();
        (await db.AnswersAsync()).Should().BeFalse();
        Directory.EnumerateFiles(tree.RuntimeFolder, "*", SearchOption.AllDirectories).Should().NotContain(file => file.Contains("/db.", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal));
        StoppedAt(tree, "api").Should().BeBefore(StoppedAt(tree, "db"));
        (await tree.RunAsync("restart", "db")).ExitCode.Should().Be((int)ExitCode.NoSuchService);
    }

    [Fact]
    public async Task A_service_that_was_removed_can_be_added_again()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());

        Configure(tree, web.Entry());
        (await tree.RunAsync("reload")).ExitCode.Should().Be(0);
        Configure(tree, web.Entry(), db.Entry());
        var again = await tree.RunAsync("reload");

        again.ExitCode.Should().Be(0, "{0}", again);
        (await tree.StatusAsync()).Service("db").State.Should().Be(ServicePhase.Ready);
        (await db.AnswersAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task A_changed_command_replaces_its_server_and_no_other()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(more: """ "dependsOn": { "db": "ready" } """), db.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry(more: """ "dependsOn": { "db": "ready" } """), db.Entry(more: """ "env": { "CHANGED": "1" }, "stop": { "grace": "3s" } """));
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().StartWith("~ db (env, stop), web untouched\n");
        var after = await tree.StatusAsync();
        AreTheSame(before, after, "web");
        after.Service("db").Should().Match<ServiceStatus>(db => db.State == ServicePhase.Ready && db.Pid != before.Service("db").Pid && db.LastChange!.Cause == "config");
        (await File.ReadAllTextAsync($"/proc/{after.Service("db").Pid}/environ")).Should().Contain("CHANGED=1");
        (await tree.RunAsync("why", "db")).Output.Should().Contain("config");
    }

    [Fact]
    public async Task Changed_watch_rules_are_applied_without_a_restart_of_any_server()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        tree.Write("shared/lib.txt", "first");
        web.Save("page.txt", "first");
        await StartedAsync(tree, web.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry().Replace("""["web"]""", """["web", "shared"]""", StringComparison.Ordinal));
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().StartWith("~ web (watch, without a restart)\n");
        var after = await tree.StatusAsync();
        AreTheSame(before, after, "web");
        after.Watcher.Epoch.Should().BeGreaterThan(before.Watcher.Epoch);
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        AreTheSame(before, await tree.StatusAsync(), "web");

        tree.Write("shared/lib.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("web").Should().Match<ServiceStatus>(web => web.Reloads == 1 && web.LastChange!.Files.Contains("shared/lib.txt"));
    }

    [Fact]
    public async Task A_changed_reaction_to_changes_is_applied_without_a_restart()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/page.txt", "first");
        const string App = """ "app": { "command": "trap 'echo told' HUP; echo listening; while :; do sleep 0.05; done", "watch": { "paths": ["app"] }, "ready": { "log": "listening" } } """;
        await StartedAsync(tree, App);
        var before = await tree.StatusAsync();

        Configure(tree, App.Replace("""["app"]""", """["app"], "onChange": "signal:HUP" """, StringComparison.Ordinal));
        (await tree.RunAsync("reload")).Should().Match<CommandResult>(it => it.ExitCode == 0 && it.Output.StartsWith("~ app (watch, without a restart)\n"));
        tree.Write("app/page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        await Wait.UntilAsync(
            async () => (await tree.RunAsync("logs", "app")).Output.Contains("told", StringComparison.Ordinal), "the server reports the signal");
        AreTheSame(before, await tree.StatusAsync(), "app");
    }

    [Fact]
    public async Task A_bad_file_changes_nothing_and_all_its_mistakes_are_shown()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        await StartedAsync(tree, web.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry(more: """ "prot": 80 """), """ "late": { "command": "true", "port": 99999 } """);
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be((int)ExitCode.BadConfig);
        reloaded.Errors.Should().Contain("services.web.prot").And.Contain("services.late.port").And.Contain("nothing was changed");
        var after = await tree.StatusAsync();
        AreTheSame(before, after, "web");
        after.Services.Should().ContainSingle();
        after.Watcher.Epoch.Should().Be(before.Watcher.Epoch);
        await using var client = await tree.ConnectAsync();
        var refused = await client.Invoking(it => it.CallAsync(control => control.ReloadAsync())).Should().ThrowAsync<StreamJsonRpc.RemoteInvocationException>();
        refused.Which.ErrorCode.Should().Be(ErrorCode.InvalidConfiguration);
        refused.Which.Message.Should().Contain("services.web.prot").And.Contain("services.late.port");
    }

    [Fact]
    public async Task An_unchanged_file_changes_nothing_however_it_is_written()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        var before = await tree.StatusAsync();

        tree.WriteConfig($$"""{ /* the other way round */ "services": { {{db.Entry()}}, {{web.Entry()}}, } }""");
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().Be("nothing changed, db and web untouched\n");
        var after = await tree.StatusAsync();
        AreTheSame(before, after, "web", "db");
        after.Watcher.Epoch.Should().Be(before.Watcher.Epoch);
    }

    [Fact]
    public async Task A_reload_during_a_start_ends_with_the_new_configuration()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        Configure(tree, web.Entry("--ready-after 600s"), db.Entry());
        await using var starting = tree.Begin("start", "-d");
        await Wait.UntilAsync(async () => (await tree.RunAsync("status")).Output.Contains("starting", StringComparison.Ordinal), "the start is under way");
        await using var control = await tree.ConnectAsync();
        var db1 = (await control.WaitForAsync(
            board => board.Service("web").State == ServicePhase.Starting && board.Service("db").State == ServicePhase.Ready, "only web is still starting")).Service("db").HostPid;

        Configure(tree, web.Entry(), db.Entry());
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().StartWith("~ web (command), db untouched\n").And.Contain("web is up");
        (await starting.FinishAsync(Wait.DefaultTimeout)).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("db").HostPid.Should().Be(db1);
        (await web.AnswersAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task A_changed_dependency_touches_no_server_and_counts_from_the_next_start_on()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        var before = await tree.StatusAsync();

        Configure(tree, web.Entry(more: """ "dependsOn": { "cache": "ready" } """), db.Entry(), """ "cache": { "command": "sleep 1000", "autostart": false } """);
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        reloaded.Output.Should().Be("+ cache, ~ web (dependsOn, without a restart), db untouched\n");
        AreTheSame(before, await tree.StatusAsync(), "web", "db");
        (await tree.RunAsync("stop", "web")).ExitCode.Should().Be(0);
        (await tree.RunAsync("start", "-d", "web")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("cache").State.Should().Be(ServicePhase.Running, "the start of web starts it");
    }

    [Fact]
    public async Task A_service_that_cannot_start_with_its_new_command_is_told_and_the_reload_fails()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        await StartedAsync(tree, web.Entry(), """ "app": { "command": ["sleep", "1000"] } """);

        Configure(tree, web.Entry(), """ "app": { "command": ["no-such-program-anywhere"] } """);
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be((int)ExitCode.Failed);
        reloaded.Errors.Should().Contain("no-such-program-anywhere");
        Configure(tree, web.Entry(), """ "app": { "command": ["sleep", "1000"] } """);
        (await tree.RunAsync("reload")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("app").State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public async Task A_stopped_service_stays_stopped_when_its_configuration_changes()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        (await tree.RunAsync("stop", "db")).ExitCode.Should().Be(0);

        Configure(tree, web.Entry(), db.Entry(more: """ "env": { "CHANGED": "1" } """));
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        (await tree.StatusAsync()).Service("db").State.Should().Be(ServicePhase.Stopped);
        (await tree.RunAsync("start", "-d", "db")).ExitCode.Should().Be(0);
        (await File.ReadAllTextAsync($"/proc/{(await tree.StatusAsync()).Service("db").Pid}/environ")).Should().Contain("CHANGED=1");
    }

    [Fact]
    public async Task After_a_reload_the_next_parent_adopts_every_server()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        Configure(tree, web.Entry().Replace("**/*.txt", "**/*.md", StringComparison.Ordinal), db.Entry(more: """ "env": { "CHANGED": "1" } """));
        (await tree.RunAsync("reload")).ExitCode.Should().Be(0);
        var before = await tree.StatusAsync();

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        (await tree.RunAsync("start", "-d")).ExitCode.Should().Be(0);

        AreTheSame(before, await tree.StatusAsync(), "web", "db");
        (await tree.RunAsync("reload")).Output.Should().Be("nothing changed, web and db untouched\n");
    }

    [Fact]
    public async Task Without_a_tree_there_is_nothing_to_reload_or_to_compare()
    {
        await using var tree = TestTree.Create();
        Configure(tree, """ "app": { "command": ["true"] } """);

        (await tree.RunAsync("reload")).ExitCode.Should().Be((int)ExitCode.NotRunning);
        (await tree.RunAsync("check", "--diff")).ExitCode.Should().Be((int)ExitCode.NotRunning);
    }

    private static DateTimeOffset StoppedAt(TestTree tree, string service)
    {
        var ledger = Directory.EnumerateFiles(tree.StateBase, $"{service}.ledger.jsonl", SearchOption.AllDirectories).Single();
        using var entry = System.Text.Json.JsonDocument.Parse(File.ReadLines(ledger).Last(line => line.Contains("\"stopped\"", StringComparison.Ordinal)));
        return entry.RootElement.GetProperty("at").GetDateTimeOffset();
    }
}
