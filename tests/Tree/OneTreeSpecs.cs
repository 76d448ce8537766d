using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A configuration has one tree, which every shell of the user finds: with other variables, after its folder was emptied, without its file.</summary>
public sealed class OneTreeSpecs
{
    [Fact]
    public async Task A_shell_with_another_runtime_folder_finds_the_tree_and_starts_no_second_one()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        UseAnotherRuntimeFolder(tree);
        var second = await tree.RunAsync("start", "-d");

        second.ExitCode.Should().Be((int)ExitCode.Failed);
        (second.Output + second.Errors).Should().Contain("already running").And.Contain($"{before.Tree.ParentPid}");
        (await tree.StatusAsync()).Service("app").Pid.Should().Be(before.Service("app").Pid);
        (await tree.RunAsync("stop")).ExitCode.Should().Be((int)ExitCode.Ok);
        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task A_start_from_another_shell_adopts_what_a_killed_parent_left()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();
        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");

        UseAnotherRuntimeFolder(tree);
        await tree.StartAsync();

        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(
            new { before.Service("app").Pid, before.Service("app").HostPid, Generation = 1, Restarts = 0 });
        (await tree.RunAsync("stop")).ExitCode.Should().Be((int)ExitCode.Ok);
    }

    [Fact]
    public async Task A_tree_whose_runtime_folder_was_emptied_is_found_again_and_goes_on_working()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        Empty(tree.RuntimeBase);
        await Wait.UntilAsync(async () => (await tree.RunAsync("status")).ExitCode == (int)ExitCode.Ok, "the parent is reachable again");
        var after = await tree.StatusAsync();

        after.Tree.ParentPid.Should().Be(before.Tree.ParentPid);
        after.Service("app").Pid.Should().Be(before.Service("app").Pid);
        app.Save("page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await tree.RunAsync("restart", "watcher")).ExitCode.Should().Be((int)ExitCode.Ok);
        await Kill.UntilDeadAsync((await tree.StatusAsync()).Watcher.Pid!.Value, "KILL");
        app.Save("page.txt", "third");
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await tree.RunAsync("restart", "app")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await tree.StatusAsync()).Service("app").Restarts.Should().Be(0);
        (await tree.RunAsync("logs", "app")).Output.Should().Contain("ready");
    }

    [Fact]
    public async Task Servers_are_adopted_although_the_runtime_folder_was_emptied_before_their_parent_died()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();
        var socket = Path.Combine(tree.RuntimeFolder, "hosts", "app.sock");

        Empty(tree.RuntimeBase);
        await Wait.UntilAsync(() => File.Exists(socket), "the host is reachable again");
        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        await tree.StartAsync();

        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(
            new { before.Service("app").Pid, before.Service("app").HostPid, Generation = 1, Restarts = 0 });
    }

    [Fact]
    public async Task A_tree_whose_configuration_has_gone_with_a_branch_is_found_from_its_folders()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": "echo hello; exec sleep 1000" } } }""");
        await tree.StartAsync();
        File.Delete(tree.Config);

        foreach (var command in new[] { "status", "why idle", "logs idle", "restart idle", "stop" })
        {
            var result = await tree.RunAsync(command.Split(' '));
            result.ExitCode.Should().Be((int)ExitCode.Ok, "{0}: {1}", command, result);
        }

        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
        (await tree.RunAsync("status")).Errors.Should().Contain("no supervisor.json", "nothing runs here any more");
    }

    [Fact]
    public async Task A_tree_is_found_from_a_working_directory_that_has_gone()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();

        var result = await tree.RunOtherAsync("bash", "-c", $"mkdir -p deep/er && cd deep/er && rm -r ../../deep && '{Executables.Supervisor}' status");

        result.ExitCode.Should().Be((int)ExitCode.Ok, "{0}", result);
        result.Output.Should().Contain("idle");
    }

    private static void UseAnotherRuntimeFolder(TestTree tree)
    {
        var other = Path.Combine(tree.Root, "other");
        Directory.CreateDirectory(other, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        tree["SUPERVISOR_RUNTIME_DIR"] = other;
    }

    private static void Empty(string folder)
    {
        foreach (var entry in Directory.GetDirectories(folder))
        {
            try
            {
                Directory.Delete(entry, recursive: true);
            }
            catch (IOException)
            {
                // A process of the tree has made a file meanwhile.
                Directory.Delete(entry, recursive: true);
            }
        }
    }
}
