using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>An env file is watched: what changes a server's environment restarts it, and nothing else does.</summary>
public sealed class EnvFileSpecs
{
    [Fact]
    public async Task An_edited_env_file_restarts_its_service_alone_and_is_named_as_the_cause()
    {
        await using var tree = TestTree.Create();
        tree.Write(".env", "GREETING=hello\n");
        tree.Write(".gitignore", ".env\n");
        tree.WriteConfig($$"""{ "services": { "web": {{Writer("\"envFile\": \".env\"")}}, "other": { "command": "exec sleep 1000" } } }""");
        await tree.StartAsync();
        await WrittenAsync(tree, "hello");
        var other = await ServiceAsync(tree, "other");

        tree.Write(".env", "GREETING=bonjour\n");
        await WrittenAsync(tree, "bonjour");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        var web = await ServiceAsync(tree, "web");
        web.Should().Match<ServiceStatus>(status => status.Generation == 2 && status.Reloads == 1 && status.Restarts == 0 && !status.Stale);
        web.LastChange.Should().BeEquivalentTo(new { Cause = "envFile", Files = new[] { ".env" } });
        (await ServiceAsync(tree, "other")).Pid.Should().Be(other.Pid);
        (await tree.RunAsync("why", "web")).Output.Should().Contain("reloaded    envFile .env");
        (await tree.RunAsync("status")).Output.Should().Contain("envFile .env,");
    }

    [Fact]
    public async Task An_env_file_that_sets_the_same_variables_restarts_nothing()
    {
        await using var tree = TestTree.Create();
        await StartGreetingAsync(tree);
        var before = await ServiceAsync(tree, "web");

        tree.Write(".env", "GREETING=hello\n");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        tree.Write(".env", "# a comment\nGREETING='hello'\n");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await ServiceAsync(tree, "web")).Should().Match<ServiceStatus>(status => status.Pid == before.Pid && status.Generation == 1 && !status.Stale);
    }

    [Fact]
    public async Task Without_its_env_file_the_old_server_stays_and_is_stale_and_a_file_that_appears_again_restarts_it()
    {
        await using var tree = TestTree.Create();
        var file = tree.Write(".env", "GREETING=hello\n");
        tree.WriteConfig($$"""{ "services": { "web": {{Writer("\"envFile\": \".env\"")}} } }""");
        await tree.StartAsync();
        var before = await ServiceAsync(tree, "web");

        File.Delete(file);
        await Wait.UntilAsync(async () => (await ServiceAsync(tree, "web")).Stale, "the service is stale");
        var stale = await ServiceAsync(tree, "web");
        var restart = await tree.RunAsync("restart", "web");

        stale.Pid.Should().Be(before.Pid);
        stale.Reason.Should().Contain(".env\" names a file that does not exist");
        restart.ExitCode.Should().Be(1, "{0}", restart);
        (await ServiceAsync(tree, "web")).Pid.Should().Be(before.Pid, "a server that could not start again is not stopped");

        tree.Write(".env", "GREETING=again\n");
        await WrittenAsync(tree, "again");
        await Wait.UntilAsync(async () => !(await ServiceAsync(tree, "web")).Stale, "the service is up to date");
        (await ServiceAsync(tree, "web")).LastChange.Should().BeEquivalentTo(new { Cause = "envFile", Files = new[] { ".env" } });
    }

    [Fact]
    public async Task A_service_that_starts_without_its_env_file_is_blocked_until_the_file_appears()
    {
        await using var tree = TestTree.Create();
        var file = tree.Write(".env", "GREETING=hello\n");
        tree.WriteConfig($$"""{ "services": { "web": {{Writer("\"envFile\": \".env\"")}}, "other": { "command": "exec sleep 1000" } } }""");
        await tree.StartAsync();
        await tree.RunAsync("stop", "web");
        File.Delete(file);

        var started = await tree.RunAsync("start", "web");

        started.ExitCode.Should().NotBe(0, "{0}", started);
        (await ServiceAsync(tree, "web")).Should().Match<ServiceStatus>(status => status.State == ServicePhase.Blocked && status.Reason!.Contains("does not exist"));

        tree.Write(".env", "GREETING=hello\n");
        await Wait.UntilAsync(async () => (await ServiceAsync(tree, "web")).State == ServicePhase.Running, "the service runs again");
    }

    [Fact]
    public async Task The_env_file_of_all_services_also_feeds_values_that_refer_to_it()
    {
        await using var tree = TestTree.Create();
        tree.Write(".env", "WORD=hello\n");
        tree.WriteConfig(
            $$"""
            {
              "envFile": ".env",
              "env": { "GREETING": "${WORD} ${NOBODY:-world}" },
              "services": { "web": {{Writer("\"env\": { \"LITERAL\": \"$${WORD}\" }")}} }
            }
            """);
        await tree.StartAsync();
        await WrittenAsync(tree, "hello world");

        tree.Write(".env", "WORD=goodbye\n");
        await WrittenAsync(tree, "goodbye world");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await ServiceAsync(tree, "web")).LastChange!.Cause.Should().Be("envFile");
    }

    [Fact]
    public async Task An_edit_that_no_watcher_saw_restarts_the_service_too()
    {
        await using var tree = TestTree.Create();
        await StartGreetingAsync(tree);
        await WrittenAsync(tree, "hello");

        var watcher = (await tree.StatusAsync()).Watcher.Pid!.Value;
        await Kill.UntilDeadAsync(watcher, "KILL");
        tree.Write(".env", "GREETING=bonjour\n");

        await WrittenAsync(tree, "bonjour");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await ServiceAsync(tree, "web")).LastChange!.Cause.Should().Be("envFile");
    }

    [Fact]
    public async Task A_server_that_got_an_edited_env_file_survives_the_death_of_its_parent()
    {
        await using var tree = TestTree.Create();
        await StartGreetingAsync(tree);
        tree.Write(".env", "GREETING=bonjour\n");
        await WrittenAsync(tree, "bonjour");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        var before = await tree.StatusAsync();

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        (await tree.TryStartAsync()).ExitCode.Should().Be(0);

        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await ServiceAsync(tree, "web")).Pid.Should().Be(before.Services[0].Pid);
    }

    private static async Task StartGreetingAsync(TestTree tree)
    {
        tree.Write(".env", "GREETING=hello\n");
        tree.WriteConfig($$"""{ "services": { "web": {{Writer("\"envFile\": \".env\"")}} } }""");
        await tree.StartAsync();
    }

    /// <summary>A service that writes GREETING to the file "greeting" when it starts.</summary>
    private static string Writer(string more) => $$"""{ {{more}}, "command": "printf '%s' \"$GREETING\" > greeting; exec sleep 1000" }""";

    private static async Task<ServiceStatus> ServiceAsync(TestTree tree, string name) => (await tree.StatusAsync()).Services.Single(service => service.Name == name);

    private static Task WrittenAsync(TestTree tree, string greeting) => Wait.UntilAsync(
        () => File.Exists(Path.Combine(tree.Project, "greeting")) && File.ReadAllText(Path.Combine(tree.Project, "greeting")) == greeting,
        $"the server was started with GREETING={greeting}");
}
