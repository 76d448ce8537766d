using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>From a saved file to a new server, and changes that must not cause a reload.</summary>
public sealed class ReloadSpecs
{
    [NeedsFact("git")]
    public async Task A_checkout_of_hundreds_of_files_is_one_reload()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        await GitAsync(tree, "init", "-q", ".");
        WriteFiles(app, "on the first branch");
        await CommitAsync(tree, "first");
        await GitAsync(tree, "checkout", "-q", "-b", "other");
        WriteFiles(app, "on the other branch");
        await CommitAsync(tree, "other");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        await GitAsync(tree, "checkout", "-q", "-");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Be(app.OnDisk()).And.Contain("on the first branch");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Reloads = 1, Restarts = 0, State = ServicePhase.Ready });
    }

    [Fact]
    public async Task Irrelevant_changes_cause_no_reload()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        app.Save("node_modules/left/pad.txt", "ignored by all services");
        app.Save("notes.md", "not included");
        app.Save("page.txt~", "an editor's own");
        tree.Write("elsewhere/page.txt", "outside what it watches");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Generation = 1, Reloads = 0 });
    }

    [Fact]
    public async Task A_train_of_saves_reloads_at_once_and_once_more_and_stops_no_server_before_it_is_ready()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        var busy = Path.Combine(tree.Project, "busy");
        tree.WriteConfig($$"""{ "services": { {{app.Entry($"--sick-while {busy}")}} } }""");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();

        // The server that the first of them starts is not ready before the last one, however long the train takes.
        tree.Write("busy", "");

        // 50 ms apart: the pace of a formatter or of a tool that writes file after file. The pace is the subject of this test, not a synchronisation.
        for (var save = 1; save <= 5; save++)
        {
            app.Save("page.txt", $"save {save}");
            await Task.Delay(50, CancellationToken.None);
        }

        File.Delete(busy);
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("save 5");
        (await client.StatusAsync()).Service("app").Reloads.Should().BeInRange(1, 2);
        var starts = (await client.CallAsync(it => it.WhyAsync("app", 100))).Entries.Select(entry => entry.Event);
        starts.Where(what => what is "started" or "reloaded" or "ready").Chunk(2).Should().AllSatisfy(
            pair => pair[1].Should().Be("ready", "each started server gets ready before the next one is started"));
    }

    [Fact]
    public async Task Code_that_validation_refuses_before_the_first_start_blocks_the_service_and_the_next_save_starts_it()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "broken");
        tree.WriteConfig($$"""{ "services": { {{app.Entry(more: """ "validate": { "command": ["sh", "../check.sh"] } """)}} } }""");
        tree.Write("check.sh", "grep -q good page.txt || { echo 'page.txt:1 is not good' >&2; exit 3; }\n");

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed);
        started.Errors.Should().Contain("app is blocked").And.Contain("page.txt:1 is not good");
        await using var client = await tree.ConnectAsync();
        (await client.StatusAsync()).Service("app").Should().BeEquivalentTo(new { State = ServicePhase.Blocked, Generation = 0, Stale = false });
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.Unhealthy);

        app.Save("page.txt", "good");
        await client.WaitForAsync(board => board.Service("app").State == ServicePhase.Ready, "the mended service is started");
        (await app.ServedAsync()).Should().Contain("good");
    }

    [Fact]
    public async Task A_write_through_a_hard_link_elsewhere_is_found_by_the_idle_audit()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        (await tree.RunOtherAsync("ln", "app/page.txt", "other-name")).ExitCode.Should().Be(0);
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        await File.WriteAllTextAsync(Path.Combine(tree.Project, "other-name"), "through its other name");

        await client.WaitForAsync(board => board.Service("app") is { Reloads: > 0, State: ServicePhase.Ready }, "it is found");
        await Wait.UntilAsync(() => app.ServesAsync("page.txt=through its other name"), "it is served");
    }

    [Fact]
    public async Task A_service_with_onChange_signal_gets_the_signal_and_keeps_its_process()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/page.txt", "first");
        tree.WriteConfig("""
            { "services": { "app": {
                "command": "trap 'echo told' HUP; echo listening; while :; do sleep 0.05; done",
                "watch": { "paths": ["app"], "onChange": "signal:HUP" }, "ready": { "log": "listening" } } } }
            """);
        await tree.StartAsync();
        var before = (await tree.StatusAsync()).Service("app");

        tree.Write("app/page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        await Wait.UntilAsync(
            async () => (await tree.RunAsync("logs", "app")).Output.Contains("told", StringComparison.Ordinal), "the server reports the signal");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { before.Pid, Generation = 1, Restarts = 0 });
    }

    [Fact]
    public async Task A_requested_restart_of_the_watcher_affects_nothing_else()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        (await tree.RunAsync("restart", "watcher")).ExitCode.Should().Be(0);
        app.Save("page.txt", "saved after it");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        var after = await tree.StatusAsync();
        after.Watcher.Pid.Should().NotBe(before.Watcher.Pid);
        after.Service("app").Should().BeEquivalentTo(new { Reloads = 1, Restarts = 0 });
        (await app.ServedAsync()).Should().Be(app.OnDisk());
    }

    private static void WriteFiles(TestService service, string content)
    {
        for (var file = 0; file < 400; file++)
            service.Save($"part{file % 20}/file{file}.txt", content);
    }

    private static async Task CommitAsync(TestTree tree, string message)
    {
        await GitAsync(tree, "add", "app");
        await GitAsync(tree, "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", message);
    }

    private static async Task GitAsync(TestTree tree, params string[] arguments)
    {
        var result = await tree.RunOtherAsync("git", arguments);
        result.ExitCode.Should().Be(0, "git {0}: {1}", string.Join(' ', arguments), result);
    }
}
