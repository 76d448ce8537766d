using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>doctor</c>: what is wrong with the machine and the tree, and the command that mends it.</summary>
public sealed class DoctorSpecs
{
    [NeedsFact("unshare", "/proc/sys/user/max_inotify_watches")]
    public async Task A_low_limit_of_watches_is_told_with_its_name_and_the_command_that_raises_it()
    {
        await using var tree = TestTree.Create();

        var doctor = await tree.RunOtherAsync(
            "unshare", "--user", "--map-root-user", "sh", "-c",
            "echo 5000 > /proc/sys/user/max_inotify_watches && exec \"$0\" doctor --json", Executables.Supervisor);

        doctor.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", doctor);
        var finding = Finding(doctor, "inotify-watches");
        finding.GetProperty("severity").GetString().Should().Be("mend");
        finding.GetProperty("found").GetString().Should().Contain("5000").And.Contain("user.max_inotify_watches");
        finding.GetProperty("mend").GetString().Should().Contain("sysctl user.max_inotify_watches=524288");
    }

    [Fact]
    public async Task Without_a_configuration_the_machine_is_still_checked()
    {
        await using var tree = TestTree.Create();

        var doctor = await tree.RunAsync("doctor", "--json");

        using var report = JsonDocument.Parse(doctor.Output);
        report.RootElement.GetProperty("config").ValueKind.Should().Be(JsonValueKind.Null);
        Checks(report).Should().Contain(["open-files", "inotify-watches", "inotify-instances", "kill", "limits"]);
        (await tree.RunAsync("doctor")).Output.Should().Contain("inotify-watches").And.Contain("no supervisor.json");
    }

    [Fact]
    public async Task A_word_too_many_is_refused_and_a_configuration_that_is_not_there_is_named()
    {
        await using var tree = TestTree.Create();

        var word = await tree.RunAsync("doctor", "web");
        word.ExitCode.Should().Be((int)ExitCode.BadUsage);
        word.Errors.Should().Contain("supervisor doctor --help");
        var missing = await tree.RunAsync("doctor", "-f", "other.json");
        missing.ExitCode.Should().Be((int)ExitCode.BadConfig);
        missing.Errors.Should().Contain("other.json does not exist");
    }

    [Fact]
    public async Task A_running_tree_is_examined_and_left_alone_even_by_clean()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(board => board.Watcher is { State: WatcherPhase.Watching, Roots.Count: > 0 }, "the watcher has reported its roots");
        var before = await tree.StatusAsync();

        var doctor = await tree.RunAsync("doctor", "--clean", "--json");

        using var report = JsonDocument.Parse(doctor.Output);
        report.RootElement.GetProperty("running").GetBoolean().Should().BeTrue();
        report.RootElement.GetProperty("cleaned").GetProperty("processes").GetArrayLength().Should().Be(0);
        Finding(doctor, "port").GetProperty("severity").GetString().Should().Be("ok");
        Finding(doctor, "port").GetProperty("found").GetString().Should().Contain($"{app.Port}").And.Contain("app");
        Findings(doctor, "watching").Should().Contain(finding => finding.GetProperty("found").GetString()!.StartsWith(app.Folder + ": ", StringComparison.Ordinal));
        Finding(doctor, "kill").GetProperty("found").GetString().Should().Contain("in use by the running tree");
        Finding(doctor, "configuration").GetProperty("severity").GetString().Should().Be("ok");
        Findings(doctor, "leftovers").Should().OnlyContain(finding => finding.GetProperty("severity").GetString() == "ok");
        (await tree.StatusAsync()).Should().BeEquivalentTo(new { Tree = new { before.Tree.ParentPid }, Watcher = new { before.Watcher.Pid } });
        (await app.AnswersAsync()).Should().BeTrue();
    }

    [Theory]
    [InlineData("the best rung")]
    [InlineData("walk")]
    public async Task What_a_killed_run_left_is_listed_and_only_clean_ends_it_and_nothing_else(string rung)
    {
        await using var tree = TestTree.Create();
        await using var other = TestTree.Create();
        tree["SUPERVISOR_KILL_RUNG"] = rung == "walk" ? rung : null;
        other["SUPERVISOR_RUNTIME_DIR"] = tree.RuntimeBase;
        other["XDG_STATE_HOME"] = Path.GetDirectoryName(tree.StateBase);
        var app = new TestService(tree, "app");
        var neighbour = new TestService(other, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry("--ignore-sigterm --double-fork")}}, "idle": { "command": ["sleep", "98765"] } } }""");
        other.WriteConfig($$"""{ "services": { {{neighbour.Entry()}} } }""");
        await tree.StartAsync();
        await other.StartAsync();
        var (before, others) = (await tree.StatusAsync(), await other.StatusAsync());
        await using var stranger = tree.BeginOther("sleep", "98765");
        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        await Kill.UntilDeadAsync(before.Service("app").HostPid!.Value, "KILL");
        int[] left = [before.Service("app").Pid!.Value, before.Service("idle").Pid!.Value, before.Service("idle").HostPid!.Value];

        var looked = await tree.RunAsync("doctor", "--json");

        looked.ExitCode.Should().Be((int)ExitCode.Failed);
        var finding = Findings(looked, "leftovers").Should().ContainSingle().Subject;
        finding.GetProperty("severity").GetString().Should().Be("mend");
        finding.GetProperty("mend").GetString().Should().Be("supervisor doctor --clean");
        finding.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("pid").GetInt32())
            .Should().Contain(left).And.NotContain(stranger.Pid).And.NotContain(others.Service("app").Pid!.Value);
        Finding(looked, "port").GetProperty("found").GetString().Should().Contain("left by a dead run");
        left.Should().OnlyContain(pid => TaggedProcesses.IsAlive(pid), "without --clean nothing is changed");

        var cleaned = await tree.RunAsync("doctor", "--clean");

        left.Should().AllSatisfy(pid =>
        {
            cleaned.Output.Should().Contain($"pid {pid}");
            TaggedProcesses.IsAlive(pid).Should().BeFalse();
        });
        Ports.CanBind(app.Port).Should().BeTrue();
        Directory.GetDirectories(tree.RuntimeBase).Should().ContainSingle("only the folder of the other tree is left");
        TaggedProcesses.IsAlive(stranger.Pid).Should().BeTrue("it only has the same command line");
        (await other.StatusAsync()).Should().BeEquivalentTo(new { Tree = new { others.Tree.ParentPid }, Watcher = new { others.Watcher.Pid } });
        (await other.StatusAsync()).Service("app").Pid.Should().Be(others.Service("app").Pid);
        Findings(await tree.RunAsync("doctor", "--json"), "leftovers").Should().OnlyContain(ok => ok.GetProperty("severity").GetString() == "ok");
        Kill.Send(stranger.Pid, "TERM");
        await stranger.FinishAsync(Wait.DefaultTimeout);
    }

    [Fact]
    public async Task A_live_tree_whose_state_folder_this_shell_does_not_know_is_left_alone_even_without_its_pipe()
    {
        await using var tree = TestTree.Create();
        await using var other = TestTree.Create();
        other["SUPERVISOR_RUNTIME_DIR"] = tree.RuntimeBase;
        var app = new TestService(other, "app");
        other.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await other.StartAsync();
        var before = await other.StatusAsync();
        File.Delete(Path.Combine(Directory.GetDirectories(tree.RuntimeBase).Single(), "control.sock"));

        var cleaned = await tree.RunAsync("doctor", "--clean");

        cleaned.Output.Should().Contain("There was nothing to clean.");
        (await app.AnswersAsync()).Should().BeTrue();
        await Wait.UntilAsync(async () => (await other.RunAsync("status")).ExitCode == 0, "the parent has bound its pipe anew");
        (await other.StatusAsync()).Service("app").Should().BeEquivalentTo(new { before.Service("app").Pid, before.Service("app").HostPid });
    }

    [Fact]
    public async Task A_parent_that_hangs_is_named_with_the_command_and_its_tree_is_left_alone()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();
        CommandResult doctor;

        using (new StoppedProcess(before.Tree.ParentPid))
            doctor = await tree.RunAsync("doctor", "--clean", "--json");

        doctor.ExitCode.Should().Be((int)ExitCode.Failed);
        Finding(doctor, "tree").GetProperty("mend").GetString().Should().Be($"kill -KILL {before.Tree.ParentPid} && supervisor start -d");
        (await tree.StatusAsync()).Service("idle").Pid.Should().Be(before.Service("idle").Pid);
    }

    [Fact]
    public async Task A_stranger_on_a_configured_port_is_named_and_survives_clean()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await using var stranger = tree.BeginOther(Executables.Puppet, "--port", $"{app.Port}", "--serve", app.Folder);
        await Wait.UntilAsync(app.AnswersAsync, "the stranger serves");

        var doctor = await tree.RunAsync("doctor", "--clean", "--json");

        doctor.ExitCode.Should().Be((int)ExitCode.Failed);
        var finding = Finding(doctor, "port");
        finding.GetProperty("severity").GetString().Should().Be("mend");
        finding.GetProperty("found").GetString().Should().Contain($"port {app.Port}").And.Contain($"pid {stranger.Pid}");
        finding.GetProperty("mend").GetString().Should().Contain($"kill {stranger.Pid}");
        (await app.AnswersAsync()).Should().BeTrue("a stranger is never ended");
        Kill.Send(stranger.Pid, "TERM");
        await stranger.FinishAsync(Wait.DefaultTimeout);
    }

    [NeedsFact("redis-server")]
    public async Task The_port_of_a_server_that_has_written_over_its_environment_is_its_own()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();
        tree.WriteConfig($$"""
            { "services": { "redis": { "command": ["redis-server", "--port", "{{port}}", "--save", ""], "port": {{port}}, "ready": { "tcp": "127.0.0.1:{{port}}", "timeout": "60s" } } } }
            """);
        await tree.StartAsync();

        var finding = Finding(await tree.RunAsync("doctor", "--json"), "port");

        finding.GetProperty("severity").GetString().Should().Be("ok", "{0}", finding);
        finding.GetProperty("found").GetString().Should().Contain("in use by redis");
    }

    [Fact]
    public async Task An_edited_configuration_and_one_with_mistakes_are_told_with_the_command()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();

        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] }, "more": { "command": ["sleep", "1000"] } } }""");
        var edited = Finding(await tree.RunAsync("doctor", "--json"), "configuration");
        tree.WriteConfig("""{ "services": { "idle": { "commando": ["sleep", "1000"] } } }""");
        var wrong = await tree.RunAsync("doctor", "--json");

        edited.GetProperty("severity").GetString().Should().Be("advice");
        edited.GetProperty("found").GetString().Should().Contain("more");
        edited.GetProperty("mend").GetString().Should().Be("supervisor reload");
        wrong.ExitCode.Should().Be((int)ExitCode.Failed);
        Finding(wrong, "configuration").GetProperty("severity").GetString().Should().Be("mend");
        Finding(wrong, "configuration").GetProperty("mend").GetString().Should().Be("supervisor check");
    }

    private static IEnumerable<string?> Checks(JsonDocument report) =>
        report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("check").GetString());

    private static JsonElement Finding(CommandResult doctor, string check) =>
        Findings(doctor, check).Should().ContainSingle("{0}", doctor).Subject;

    private static IReadOnlyList<JsonElement> Findings(CommandResult doctor, string check)
    {
        using var report = JsonDocument.Parse(doctor.Output);
        return [.. report.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("check").GetString() == check).Select(finding => finding.Clone())];
    }
}
