using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A build or a generator causes one reload, at its end, however it ends.</summary>
public sealed class HoldSpecs
{
    private static readonly string[] Build =
        ["-c", "for i in 1 2 3; do echo $i > app/page.txt; echo $i > app/temporary.txt; sleep 0.3; rm app/temporary.txt; done; exit 7"];

    [Fact]
    public async Task A_command_that_builds_for_a_second_is_one_reload_and_its_exit_code_is_returned()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);

        var built = await tree.RunAsync(["hold", "build", "--", "/bin/sh", .. Build]);
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        built.ExitCode.Should().Be(7, "{0}", built);
        (await app.ServedAsync()).Should().Be(app.OnDisk()).And.Contain("page.txt=3");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Reloads = 1, Generation = 2 });
        (await tree.StatusAsync()).Watcher.Holds.Should().BeEmpty();
    }

    [Fact]
    public async Task A_flush_during_a_hold_answers_at_once_and_names_the_holder_and_how_to_release_it()
    {
        await using var tree = TestTree.Create();
        await StartedAsync(tree);
        (await tree.RunAsync("hold", "build", "--pid", $"{Environment.ProcessId}")).ExitCode.Should().Be(0);

        var flushed = await tree.RunAsync("flush");

        flushed.ExitCode.Should().Be((int)ExitCode.Failed);
        flushed.Errors.Should().Contain($"held by build (process {Environment.ProcessId}").And.Contain("supervisor release build");
        (await tree.RunAsync("status")).Output.Should().Contain($"changes are held by build (process {Environment.ProcessId}");
        (await tree.RunAsync("release", "build")).ExitCode.Should().Be(0);
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Changes_are_delivered_when_the_last_of_several_holds_is_released()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);
        await using var client = await tree.ConnectAsync();
        await client.CallAsync(it => it.HoldAsync("one"));
        await client.CallAsync(it => it.HoldAsync("two"));
        app.Save("page.txt", "saved in the hold");

        (await tree.RunAsync("release", "one")).ExitCode.Should().Be(0);
        (await client.StatusAsync()).Watcher.Holds.Select(hold => hold.Name).Should().Equal("two");
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Failed);
        (await tree.RunAsync("release", "three")).Errors.Should().Contain("no hold is called 'three'").And.Contain("two");
        (await tree.RunAsync("release")).Output.Should().Contain("released two");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("saved in the hold");
        (await tree.RunAsync("release")).Output.Should().Contain("Nobody holds");
    }

    [Fact]
    public async Task A_hold_ends_with_the_process_that_holds_it()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);
        await using var client = await tree.ConnectAsync();

        await using (var shell = tree.BeginOther("/bin/sh", "-c", $"{Executables.Supervisor} hold; echo made by the shell > app/page.txt; cat"))
        {
            await client.WaitForAsync(board => board.Watcher.Holds.Any(hold => hold.Holder.StartsWith($"process {shell.Pid}: ", StringComparison.Ordinal)), "the shell holds");
            await Wait.UntilAsync(() => File.ReadAllText(Path.Combine(app.Folder, "page.txt")).StartsWith("made", StringComparison.Ordinal), "it has written");
            (await client.StatusAsync()).Service("app").Reloads.Should().Be(0);
        }

        await client.WaitForAsync(board => board.Watcher.Holds.Count == 0, "the hold ends with it");
        await client.WaitForAsync(board => board.Service("app") is { Reloads: 1, State: ServicePhase.Ready }, "what it wrote is served");
        (await app.ServedAsync()).Should().Contain("made by the shell");
    }

    [Fact]
    public async Task A_hold_ends_with_the_connection_when_the_wrapper_is_killed()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);
        await using var client = await tree.ConnectAsync();

        await using (var wrapper = tree.Begin("hold", "--", "/bin/sh", "-c", "echo half > app/page.txt; exec sleep 600"))
        {
            await client.WaitForAsync(board => board.Watcher.Holds.Count == 1, "it holds");
            await Wait.UntilAsync(() => File.ReadAllText(Path.Combine(app.Folder, "page.txt")).StartsWith("half", StringComparison.Ordinal), "it has written");
        }

        await client.WaitForAsync(board => board.Service("app") is { Reloads: 1, State: ServicePhase.Ready }, "no hold is left");
        TaggedProcesses.Find(tree.Tag).Where(process => process.ToString().Contains("sleep", StringComparison.Ordinal)).ToList().ForEach(process => process.Kill());
    }

    [Fact]
    public async Task A_signal_to_the_wrapper_is_forwarded_to_the_command_and_its_exit_code_is_returned()
    {
        await using var tree = TestTree.Create();
        await StartedAsync(tree);
        await using var wrapper = tree.Begin("hold", "--", "/bin/sh", "-c", "trap 'echo told; exit 9' TERM; echo up; while :; do sleep 0.05; done");
        await Wait.UntilAsync(() => wrapper.Output.Contains("up", StringComparison.Ordinal), "the command runs");

        (await tree.RunOtherAsync("/bin/sh", "-c", $"kill -INT {wrapper.Pid}; kill -TERM {wrapper.Pid}")).ExitCode.Should().Be(0);

        (await wrapper.FinishAsync(Wait.DefaultTimeout)).Should().BeEquivalentTo(new { ExitCode = 9, Output = "up\ntold\n" });
        (await tree.StatusAsync()).Watcher.Holds.Should().BeEmpty();
    }

    [Theory]
    [InlineData("no-such-program", 127, "no such program")]
    [InlineData("./app/page.txt", 126, "cannot be run")]
    [InlineData("./nowhere", 127, "no such program")]
    public async Task A_command_that_cannot_be_run_is_reported_as_by_a_shell_and_holds_nothing(string program, int exitCode, string message)
    {
        await using var tree = TestTree.Create();
        await StartedAsync(tree);

        var result = await tree.RunAsync("hold", "--", program);

        result.ExitCode.Should().Be(exitCode, "{0}", result);
        result.Errors.Should().Contain(program).And.Contain(message);
        await using var client = await tree.ConnectAsync();
        await client.WaitForAsync(board => board.Watcher.Holds.Count == 0, "nothing is held");
    }

    [Fact]
    public async Task Without_a_tree_there_is_nothing_to_hold()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "app": { "command": "true" } } }""");

        (await tree.RunAsync("hold")).ExitCode.Should().Be((int)ExitCode.NotRunning);
        (await tree.RunAsync("release")).ExitCode.Should().Be((int)ExitCode.NotRunning);
        (await tree.RunAsync("hold", "--", "touch", "ran")).ExitCode.Should().Be((int)ExitCode.NotRunning);
        File.Exists(Path.Combine(tree.Project, "ran")).Should().BeFalse();
    }

    [Fact]
    public async Task A_hold_name_belongs_to_one_holder_and_a_missing_process_holds_nothing()
    {
        await using var tree = TestTree.Create();
        await StartedAsync(tree);
        (await tree.RunAsync("hold", "build", "--pid", $"{Environment.ProcessId}")).ExitCode.Should().Be(0);
        (await tree.RunAsync("hold", "build", "--pid", $"{Environment.ProcessId}")).ExitCode.Should().Be(0, "the same holder may renew its own");

        var other = await tree.RunAsync("hold", "build", "--", "true");
        other.ExitCode.Should().Be((int)ExitCode.Failed);
        other.Errors.Should().Contain("held by build").And.Contain("take another name");

        var nobody = await tree.RunAsync("hold", "other", "--pid", "4194304");
        nobody.ExitCode.Should().Be((int)ExitCode.Failed);
        nobody.Errors.Should().Contain("no process 4194304");
    }

    [Fact]
    public async Task A_hold_that_takes_too_long_is_released_and_its_holder_is_named()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);

        var result = await tree.RunAsync("hold", "slow", "--timeout", "2s", "--", "/bin/sh", "-c", "echo slowly > app/page.txt; until grep -q 'timed out' -r ../state -s; do sleep 0.05; done");

        result.ExitCode.Should().Be(0, "{0}", result);
        result.Errors.Should().Contain("slow ended before the command did");
        tree.Logs().Should().Contain("timed out").And.Contain("slow");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await app.ServedAsync()).Should().Contain("slowly");
    }

    [Fact]
    public async Task A_hold_outlives_the_watcher_and_no_change_is_sent_early_or_lost()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);
        await using var client = await tree.ConnectAsync();
        await client.CallAsync(it => it.HoldAsync("build"));
        app.Save("page.txt", "before its death");

        for (var death = 0; death < 3; death++)
        {
            var epoch = (await client.StatusAsync()).Watcher.Epoch;
            (await tree.RunOtherAsync("/bin/kill", "-KILL", $"{(await client.StatusAsync()).Watcher.Pid}")).ExitCode.Should().Be(0);
            await client.WaitForAsync(board => board.Watcher is { State: WatcherPhase.Watching } watcher && watcher.Epoch > epoch, "the next one watches");
            app.Save($"after-{death}.txt", "saved while the next one watches");
        }

        (await client.StatusAsync()).Should().Match<StatusReport>(board => board.Watcher.Holds.Count == 1 && board.Services[0].Reloads == 0);
        await client.CallAsync(it => it.ReleaseAsync());
        (await client.CallAsync(it => it.FlushAsync())).Doubt.Should().BeNull();

        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await client.StatusAsync()).Service("app").Reloads.Should().Be(1);
    }

    [Fact]
    public async Task A_restart_by_command_is_not_held()
    {
        await using var tree = TestTree.Create();
        await StartedAsync(tree);
        await using var client = await tree.ConnectAsync();
        await client.CallAsync(it => it.HoldAsync());

        (await tree.RunAsync("restart", "app")).ExitCode.Should().Be(0);
        (await client.StatusAsync()).Service("app").Generation.Should().Be(2);
    }

    [Fact]
    public async Task A_flush_without_a_cookie_folder_says_how_it_verified()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree);
        Directory.Delete(Path.Combine(tree.RuntimeFolder, "watcher.snapshot.flush"), recursive: true);
        app.Save("page.txt", "saved without cookies");

        var flushed = await tree.RunAsync("flush");

        flushed.ExitCode.Should().Be(0, "{0}", flushed);
        flushed.Errors.Should().Contain("not proven").And.Contain("everything was read again");
        (await app.ServedAsync()).Should().Contain("saved without cookies");
    }

    [Fact]
    public async Task A_flush_of_a_polled_root_says_so()
    {
        await using var tree = TestTree.Create();
        var app = await StartedAsync(tree, """ "watcher": { "backend": "poll" }, """);
        app.Save("page.txt", "polled");

        var flushed = await tree.RunAsync("flush");

        flushed.ExitCode.Should().Be(0, "{0}", flushed);
        flushed.Errors.Should().Contain("not proven").And.Contain("poll");
        (await app.ServedAsync()).Should().Contain("polled");
    }

    private static async Task<TestService> StartedAsync(TestTree tree, string more = "")
    {
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ {{more}} "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        return app;
    }
}
