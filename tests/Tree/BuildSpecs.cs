using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A service whose command runs what a build makes: a save is built, and then exchanged once.</summary>
public sealed class BuildSpecs
{
    private const string Copy = "mkdir -p made; cp page.txt made/page.txt";

    [Fact]
    public async Task A_fresh_clone_is_built_before_its_first_start()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, Copy);
        app.Save("page.txt", "first");

        (await tree.TryStartAsync()).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("made/page.txt=first");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Generation = 1, State = ServicePhase.Ready });
    }

    [Fact]
    public async Task A_save_is_built_and_exchanged_once()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, Copy);
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();

        app.Save("page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("made/page.txt=second");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Generation = 2, Reloads = 1, Stale = false });
        app.Builds.Should().HaveCount(2, "one for the start and one for the save");
    }

    [Fact]
    public async Task What_a_build_writes_into_watched_folders_is_part_of_the_same_change()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, Copy);
        app.Save("page.txt", "first");
        await tree.StartAsync();
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("app").Generation.Should().Be(1, "{0}", (await tree.RunAsync("why", "app")).Output);

        for (var save = 1; save <= 3; save++)
        {
            app.Save("page.txt", $"save {save}");
            (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

            (await app.ServedAsync()).Should().Contain($"made/page.txt=save {save}");
            (await tree.StatusAsync()).Service("app").Generation.Should().Be(save + 1, "{0}", (await tree.RunAsync("why", "app")).Output);
        }

        app.Builds.Length.Should().BeInRange(4, 9, "after a build that may have missed a save there is one more; files that are new have no known content");
    }

    [Fact]
    public async Task A_build_that_writes_something_else_each_time_is_named_and_its_service_is_exchanged_once()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"{Copy}; date +%N > made/stamp.txt");
        tree.Write("app/.gitignore", "made/page.txt\n");
        app.Save("page.txt", "first");
        await tree.TryStartAsync();
        await using var client = await tree.ConnectAsync();
        await tree.RunAsync("flush");
        var before = (await client.StatusAsync()).Service("app");

        app.Save("page.txt", "second");
        await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Ready, Stale: true } now && now.Generation > before.Generation, "it is exchanged");

        var flushed = await tree.RunAsync("flush");
        flushed.ExitCode.Should().Be((int)ExitCode.Failed);
        flushed.Errors.Should().Contain("app/made/stamp.txt changed during").And.Contain("\"**/stamp.txt\"");
        (await tree.StatusAsync()).Service("app").Generation.Should().Be(before.Generation + 1, "{0}", (await tree.RunAsync("why", "app")).Output);
        (await app.ServedAsync()).Should().Contain("made/page.txt=second");
        app.Builds.Length.Should().BeLessThanOrEqualTo(6);
    }

    [Fact]
    public async Task Another_file_that_is_saved_during_a_build_is_built_too()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, "mkdir -p made; cat *.txt > made/page.txt; while [ -e ../wait ]; do sleep 0.02; done");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        app.Save("other.txt", "first");
        await tree.StartAsync();

        tree.Write("wait", "");
        app.Save("page.txt", "second");
        await Wait.UntilAsync(() => app.IsBuilding, "the build has read its sources");
        app.Save("other.txt", "saved during the build");
        File.Delete(Path.Combine(tree.Project, "wait"));
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("made/page.txt=saved during the buildsecond");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Generation = 2, Stale = false });
    }

    [Fact]
    public async Task A_build_is_ended_and_begun_again_when_its_source_is_saved_again()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"{Copy}; if grep -q endless page.txt; then trap 'echo ended >> ../ended; exit 1' TERM; echo >> ../endless; while :; do sleep 0.02; done; fi");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();

        app.Save("page.txt", "endless");
        await using var client = await tree.ConnectAsync();
        await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Building, Pid: not null }, "the old server serves during the build");
        await Wait.UntilAsync(() => File.Exists(Path.Combine(tree.Project, "endless")), "the build runs");
        app.Save("page.txt", "mended");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await app.ServedAsync()).Should().Contain("made/page.txt=mended");
        (await tree.StatusAsync()).Service("app").Generation.Should().Be(2);
        File.Exists(Path.Combine(tree.Project, "ended")).Should().BeTrue("a build is asked to end before it is killed, and can remove what it has half written");
    }

    [Fact]
    public async Task A_restart_builds_before_it_validates_and_a_start_after_a_crash_does_neither()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, Copy, more: """ , "validate": { "command": "test -e made/page.txt && echo validated >> ../builds" }, "restart": { "backoff": { "initial": "100ms" } } """);
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();

        var crashed = (await client.StatusAsync()).Service("app");
        Kill.Send(crashed.Pid!.Value, "KILL");
        await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Ready, Generation: 2 }, "it is started again");
        app.Steps.Should().Equal("build", "validated");

        (await tree.RunAsync("restart", "app")).ExitCode.Should().Be(0);
        app.Steps.Should().Equal("build", "validated", "build", "validated");
        (await tree.RunAsync("restart", "app", "--force")).ExitCode.Should().Be(0);
        app.Steps.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_reload_says_how_long_its_build_took()
    {
        await using var tree = TestTree.Create();
        var app = new BuiltService(tree, $"{Copy}; sleep 0.1");
        tree.Write("app/.gitignore", "made/\n");
        app.Save("page.txt", "first");
        await tree.StartAsync();

        app.Save("page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await tree.RunAsync("logs", "app")).Output.Should().MatchRegex(@"reloaded in \d+\.\d+ s \((wait \d+\.\d+, )?build \d+\.\d+(, start \d+\.\d+)?\)  app/page\.txt");
    }

    [NeedsFact("gcc")]
    public async Task A_program_that_is_compiled_beside_its_source_runs_its_newest_source_after_each_save()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "app": { "command": "./app", "build": { "command": ["gcc", "-o", "app", "app.c"], "timeout": "60s" }, "watch": {}, "ready": { "log": "version" } } } }
            """);
        tree.Write("app.c", Program("first"));
        (await tree.RunAsync("check")).Output.Should().NotContain("does not exist");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();

        for (var save = 2; save <= 4; save++)
        {
            tree.Write("app.c", Program($"save {save}"));
            (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

            (await tree.RunAsync("logs", "app", "-n", "1000")).Output.Should().Contain($"version save {save}");
            (await client.StatusAsync()).Service("app").Generation.Should().Be(save, "{0}", (await tree.RunAsync("why", "app")).Output);
        }
    }

    private static string Program(string version) =>
        $"#include <stdio.h>\n#include <unistd.h>\nint main(void) {{ puts(\"version {version}\"); fflush(stdout); pause(); return 0; }}\n";
}
