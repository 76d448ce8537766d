using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A working copy in which something is not there yet: an env file that nobody has copied, a folder that a build makes.</summary>
public sealed class FreshCloneSpecs
{
    private const string Other = """ "other": { "command": "exec sleep 1000" } """;

    [Fact]
    public async Task Without_its_env_file_a_service_is_blocked_and_the_rest_runs_until_the_file_appears()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "web": { "command": "echo \"$GREETING\" > seen; exec sleep 1000", "envFile": "config/.env" }, {{Other}} } }""");

        (await tree.RunAsync("check")).Should().Match<CommandResult>(it => it.ExitCode == 0 && it.Errors.Contains("services.web.envFile", StringComparison.Ordinal));
        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", started);
        (started.Output + started.Errors).Should().Contain("services.web.envFile: \"config/.env\" names a file that does not exist").And.Contain("config/.env?");
        await using var control = await tree.ConnectAsync();
        var board = await control.WaitForAsync(now => now.Service("other").State == ServicePhase.Running, "the rest runs");
        board.Service("web").Should().Match<ServiceStatus>(web => web.State == ServicePhase.Blocked && web.Generation == 0);

        tree.Write("config/.env", "GREETING=hello\n");

        await control.WaitForAsync(now => now.Service("web").State == ServicePhase.Running, "it starts by itself");
        await Wait.UntilAsync(() => File.Exists(Seen(tree)) && File.ReadAllText(Seen(tree)) == "hello\n", "it has what the file says");
    }

    [Fact]
    public async Task A_start_of_which_one_service_has_failed_tells_of_the_others_too()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": { "web": { "command": "exec sleep 1000", "envFile": ".env" }, {{Other}},
              "slow": { "command": "exec sleep 1000", "ready": { "log": "never printed" } } } }
            """);

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", started);
        started.Output.Should().Contain("other is up");
        started.Errors.Should().Contain("web is blocked").And.Contain("still on the way: slow;");
    }

    [Fact]
    public async Task An_env_file_that_may_be_missing_restarts_its_service_when_it_appears()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "echo \"${GREETING:-nothing}\" > seen; exec sleep 1000", "envFile": ".env?" } } }""");
        await tree.StartAsync();
        await Wait.UntilAsync(() => File.Exists(Seen(tree)) && File.ReadAllText(Seen(tree)) == "nothing\n", "it runs without the file");

        tree.Write(".env", "GREETING=hello\n");

        await Wait.UntilAsync(() => File.ReadAllText(Seen(tree)) == "hello\n", "it runs with the file");
    }

    [Fact]
    public async Task Without_its_folder_a_service_is_blocked_until_the_folder_appears()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "web": { "command": "exec sleep 1000", "cwd": "../elsewhere/site", "watch": {} }, {{Other}} } }""");

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", started);
        await using var control = await tree.ConnectAsync();
        var board = await control.WaitForAsync(now => now.Service("other").State == ServicePhase.Running, "the rest runs");
        board.Service("web").Should().Match<ServiceStatus>(web => web.State == ServicePhase.Blocked && web.Reason!.Contains("elsewhere/site is not there"));

        Directory.CreateDirectory(Path.Combine(tree.Project, "../elsewhere/site"));

        await control.WaitForAsync(now => now.Service("web").State == ServicePhase.Running, "it starts by itself");
    }

    [Fact]
    public async Task A_folder_that_an_earlier_service_makes_is_there_in_time()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": {
              "build": { "command": "mkdir -p dist && echo 'exec sleep 1000' > dist/serve", "restart": { "policy": "never" } },
              "web": { "command": ["sh", "./serve"], "cwd": "dist", "dependsOn": { "build": "completed" } } } }
            """);

        await tree.StartAsync();

        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public async Task A_reload_without_the_env_file_of_a_running_service_leaves_it_alone_and_applies_the_rest()
    {
        await using var tree = TestTree.Create();
        var file = tree.Write(".env", "WORD=hello\n");
        await Configurations.StartedAsync(tree, """ "web": { "command": ["sh", "-c", "exec sleep 1000", "${WORD}"], "envFile": ".env" } """);
        var before = await tree.StatusAsync();
        File.Delete(file);
        await Wait.UntilAsync(async () => (await tree.StatusAsync()).Service("web").Stale, "the service says that its file is gone");

        Configurations.Configure(tree, """ "web": { "command": ["sh", "-c", "exec sleep 1000", "${WORD}"], "envFile": ".env" } """, Other);
        var reloaded = await tree.RunAsync("reload");

        reloaded.ExitCode.Should().Be(0, "{0}", reloaded);
        var after = await tree.StatusAsync();
        Configurations.AreTheSame(before, after, "web");
        after.Service("other").State.Should().Be(ServicePhase.Running);
    }

    private static string Seen(TestTree tree) => Path.Combine(tree.Project, "seen");
}
