using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Saves that take a while, and saves that meet a start.</summary>
public sealed class SavedMeanwhileSpecs
{
    [Theory]
    [InlineData("page.txt.tmp.4711.1732640000000.txt")]
    [InlineData("tmpab12cd34.txt")]
    [InlineData(".page.txt.Xy12Zq.txt")]
    public async Task A_save_whose_temporary_file_stands_for_a_while_is_one_reload(string temporary)
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        int before, reloads;
        var watch = new Stopwatch();
        var round = 0;

        do
        {
            before = (await tree.StatusAsync()).Service("app").Reloads;
            watch.Restart();
            await File.WriteAllTextAsync(Path.Combine(app.Folder, temporary), $"round {++round}");

            // A slow disk, or a slow writer: the pause is the subject of this test, not a synchronisation.
            await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            File.Move(Path.Combine(app.Folder, temporary), Path.Combine(app.Folder, "page.txt"), overwrite: true);
            watch.Stop();
            (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
            reloads = (await tree.StatusAsync()).Service("app").Reloads;
        }
        while (watch.Elapsed > TimeSpan.FromMilliseconds(900) && round < 20);

        (reloads - before).Should().Be(1, "{0}", tree.Logs());
        (await app.ServedAsync()).Should().Be(app.OnDisk()).And.Contain($"round {round}");
    }

    [Fact]
    public async Task A_tree_that_is_started_in_the_moment_its_files_are_written_starts_its_server_once()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var tree = TestTree.Create();
            var app = new TestService(tree, "app");
            tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
            app.Save("page.txt", "first");
            (await tree.RunAsync("start", "-d")).ExitCode.Should().Be(0);

            (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
            (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Generation = 1, State = ServicePhase.Ready });
        }
    }

    [Fact]
    public async Task What_is_saved_while_a_service_is_stopped_is_served_by_its_next_start_which_is_the_only_one()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, "other": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();

        for (var round = 1; round <= 5; round++)
        {
            (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);
            app.Save("page.txt", $"round {round}");

            // The pace of a person: the watcher hears of the save before the server starts, and may tell it later. One that hears of it after the start
            // cannot know which came first, and reloads.
            await Task.Delay(TimeSpan.FromMilliseconds(250), CancellationToken.None);
            (await tree.RunAsync("start", "app")).ExitCode.Should().Be(0);

            (await app.ServedAsync()).Should().Contain($"round {round}");
            (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
            (await tree.StatusAsync()).Service("app").Generation.Should().Be(round + 1, "{0}", (await tree.RunAsync("why", "app")).Output);
        }
    }

    [Fact]
    public async Task A_folder_that_goes_and_comes_back_again_and_again_has_its_server_in_the_end()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var away = Path.Combine(tree.Root, "away");
        await using var client = await tree.ConnectAsync();

        for (var round = 0; round < 4; round++)
        {
            for (var time = 0; time < 20; time++)
            {
                Directory.Move(app.Folder, away);
                await Task.Delay(time, CancellationToken.None); // Each time at another moment of the restart that it causes.
                Directory.Move(away, app.Folder);
            }

            await client.WaitForAsync(board => board.Service("app").State is ServicePhase.Ready, "the whole folder is on disk");
        }

        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        (await app.ServedAsync()).Should().Be(app.OnDisk());
    }
}
