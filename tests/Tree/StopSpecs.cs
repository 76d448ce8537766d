using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Stopping: nothing of a server is left, whatever it does.</summary>
public sealed class StopSpecs
{
    private static readonly (string Name, string Arguments)[] Puppets =
    [
        ("plain", "--temp-file"),
        ("deaf", "--ignore-sigterm"),
        ("daemon", "--double-fork"),
        ("crowd", "--fork 150"),
        ("mute", "--close-output"),
        ("holder", "--hold-stdout"),
        ("deaf-daemon", "--ignore-sigterm --double-fork"),
        ("deaf-crowd", "--ignore-sigterm --fork 20 --hold-stdout"),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("freezer")]
    [InlineData("walk")]
    public async Task Eight_misbehaving_puppets_leave_no_process_no_port_and_no_file(string? rung)
    {
        await using var tree = TestTree.Create();
        tree["SUPERVISOR_KILL_RUNG"] = rung;
        var temporary = Directory.CreateDirectory(Path.Combine(tree.Root, "tmp")).FullName;
        tree["TMPDIR"] = temporary;
        var services = Puppets.Select(puppet => new TestService(tree, puppet.Name)).ToArray();
        var entries = services.Zip(Puppets, (service, puppet) => service.Entry(puppet.Arguments, """ "stop": { "grace": "1s" } """));
        tree.WriteConfig($$"""{ "services": { {{string.Join(",\n", entries)}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();
        var id = Path.GetFileName(tree.RuntimeFolder);
        // A puppet is ready before it has forked all its children.
        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count > 170, "the puppets and their children are running");
        var running = TaggedProcesses.Find(tree.Tag);
        Directory.GetFiles(temporary).Should().ContainSingle(file => Path.GetFileName(file).StartsWith("puppet", StringComparison.Ordinal));

        var began = Stopwatch.GetTimestamp();
        var stopped = await tree.RunAsync("stop");
        var took = Stopwatch.GetElapsedTime(began);

        stopped.ExitCode.Should().Be(0, "{0}\n{1}", stopped, tree.Logs());
        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
        await Wait.UntilAsync(() => !running.Any(process => TaggedProcesses.Exists(process.Pid)), "not even a zombie is left");
        Directory.GetFiles(temporary, "puppet*").Should().BeEmpty("who is asked first can tidy up");
        took.Should().BeLessThan(TimeSpan.FromSeconds(1 + 3.5 + 15), "grace + 3.5 s, plus what 180 processes that end at once take on a busy machine");
        foreach (var service in services)
            Ports.CanBind(service.Port).Should().BeTrue("port {0} of {1} is free", service.Port, service.Name);
        Directory.EnumerateFileSystemEntries(tree.RuntimeBase, "*", SearchOption.AllDirectories)
            .Where(entry => !Directory.Exists(entry)).Should().BeEmpty("no file of the run is left");
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"*{id}*", SearchOption.AllDirectories).Should().BeEmpty("no cgroup is left");
        before.Services.Should().AllSatisfy(service => TaggedProcesses.IsAlive(service.HostPid!.Value).Should().BeFalse());
    }

    [Fact]
    public async Task A_process_that_was_left_behind_is_found_by_its_tag()
    {
        var tag = $"negative-control-{Guid.NewGuid():N}";
        var leaver = CliWrap.Cli.Wrap("sh").WithArguments(["-c", "setsid sleep 300 > /dev/null 2>&1 & exit 0"])
            .WithEnvironmentVariables(it => it.Set(TaggedProcesses.TagVariable, tag));
        ForeignProgram.RunChecked(leaver, Wait.DefaultTimeout);

        // A process that is being replaced by another program has no environment for a moment.
        await Wait.UntilAsync(() => TaggedProcesses.Find(tag).Count > 0, "it is found");
        var left = TaggedProcesses.Find(tag);
        foreach (var process in left)
            process.Kill();

        left.Should().ContainSingle("a search that finds no leak here would prove nothing");
    }
}
