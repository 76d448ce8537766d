using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Builds that fail, do not end, or are ended.</summary>
public sealed class BuildFailureSpecs
{
    private const string Copy = "mkdir -p made; cp page.txt made/page.txt";

    [Fact]
    public async Task A_build_that_fails_leaves_the_old_server_serving_and_the_next_save_is_built()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"grep -q good page.txt || {{ printf '\\033[31mpage.txt:1: error: this is not good\\033[0m\\n' >&2; exit 3; }}; {Copy}");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "good");
        await tree.StartAsync();
        var before = (await tree.StatusAsync()).Service("app");

        app.Save("page.txt", "broken");
        var flushed = await tree.RunAsync("flush");

        flushed.ExitCode.Should().Be((int)ExitCode.Failed);
        flushed.Errors.Should().Contain("app is stale").And.Contain("build exited with code 3").And.Contain("page.txt:1: error: this is not good");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { before.Pid, before.Generation, State = ServicePhase.Ready, Stale = true });
        (await tree.StatusAsync()).Service("app").Reason.Should().Be("build exited with code 3: page.txt:1: error: this is not good", "colours are for terminals");
        (await app.ServedAsync()).Should().Contain("made/page.txt=good");
        (await tree.RunAsync("why", "app")).Output.Should().Contain("build exited with code 3");
        (await tree.RunAsync("logs", "app")).Output.Should().Contain("build failed: page.txt:1: error: this is not good (the old code serves)");
        var restarted = await tree.RunAsync("restart", "app");
        restarted.ExitCode.Should().Be((int)ExitCode.Failed);
        restarted.Errors.Should().Contain("was not restarted").And.Contain("this is not good");

        app.Save("page.txt", "good again");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await app.ServedAsync()).Should().Contain("made/page.txt=good again");
    }

    [Fact]
    public async Task A_first_build_that_fails_blocks_the_service_and_the_next_save_starts_it()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"grep -q good page.txt || {{ echo 'page.txt:1: error: this is not good' >&2; exit 3; }}; {Copy}");
        app.Save("page.txt", "broken");

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed);
        started.Errors.Should().Contain("app is blocked").And.Contain("page.txt:1: error: this is not good");
        await using var client = await tree.ConnectAsync();
        (await client.StatusAsync()).Service("app").Should().BeEquivalentTo(new { State = ServicePhase.Blocked, Generation = 0, Stale = false });

        app.Save("page.txt", "good");
        await client.WaitForAsync(board => board.Service("app").State == ServicePhase.Ready, "the mended service is started");
        (await app.ServedAsync()).Should().Contain("made/page.txt=good");
    }

    [Fact]
    public async Task A_build_that_takes_too_long_is_killed_with_everything_that_it_started()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"{Copy}; if grep -q endless page.txt; then trap '' TERM; setsid sleep 1003 & sleep 1003; fi", timeout: "1s");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();

        app.Save("page.txt", "endless");
        var flushed = await tree.RunAsync("flush");

        flushed.Errors.Should().Contain("build did not end within 1 s");
        TaggedProcesses.Find(tree.Tag).Should().NotContain(process => process.ToString().Contains("sleep", StringComparison.Ordinal));
        (await app.ServedAsync()).Should().Contain("made/page.txt=first");
    }

    [Fact]
    public async Task A_host_that_dies_during_a_build_leaves_nothing_of_it_and_the_next_one_builds()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(
            tree, $"[ -e ../first ] && kill -0 $(cat ../first) && echo overlaps >> ../builds; {Copy}; if [ -e ../wait ]; then trap '' TERM; setsid sleep 1003 & echo $! > ../first; sleep 1003; fi");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();

        tree.Write("wait", "");
        app.Save("page.txt", "second");
        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count(process => process.ToString().Contains("sleep", StringComparison.Ordinal)) == 2, "the build is under way");
        File.Delete(Path.Combine(tree.Project, "wait"));
        var before = (await client.StatusAsync()).Service("app");
        Kill.Send(before.HostPid!.Value, "KILL");

        await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Ready } now && now.HostPid != before.HostPid, "the next host has started it");
        (await app.ServedAsync()).Should().Contain("made/page.txt=second");
        app.Steps.Should().NotContain("overlaps", "two builds at once would write the same files");
        TaggedProcesses.Find(tree.Tag).Should().NotContain(process => process.ToString().Contains("sleep", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_during_a_build_ends_it_and_the_next_start_builds_again()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"{Copy}; while [ -e ../wait ]; do sleep 0.02; done");
        app.Save("page.txt", "first");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();
        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);

        tree.Write("wait", "");
        app.Save("page.txt", "second");
        await using var starting = tree.Begin("start", "app");
        await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Building, Pid: null }, "it is built");
        await Wait.UntilAsync(() => app.IsBuilding, "the build is under way");
        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);

        await starting.FinishAsync(Wait.DefaultTimeout);
        (await client.StatusAsync()).Service("app").Should().BeEquivalentTo(new { State = ServicePhase.Stopped, Generation = 1 });
        File.Delete(Path.Combine(tree.Project, "wait"));
        (await tree.RunAsync("start", "app")).ExitCode.Should().Be(0);
        (await app.ServedAsync()).Should().Contain("made/page.txt=second");
    }

    [Fact]
    public async Task A_tree_that_is_stopped_during_a_build_leaves_nothing_of_it()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, "if [ -e ../wait ]; then trap '' TERM; setsid sleep 1003 & sleep 1003; fi");
        app.Save("page.txt", "first");
        await tree.StartAsync();
        tree.Write("wait", "");

        app.Save("page.txt", "second");
        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count(process => process.ToString().Contains("sleep", StringComparison.Ordinal)) == 2, "the build is under way");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);

        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
    }
}
