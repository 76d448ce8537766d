using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A mistyped command changes nothing in a running tree.</summary>
public sealed class UsageSpecs
{
    [Fact]
    public async Task An_option_that_hold_does_not_have_opens_no_hold_and_a_command_keeps_its_own_options()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "app": { "command": "exec sleep 1000" } } }""");
        await tree.StartAsync();

        var refused = await tree.RunAsync("hold", "--quiet");
        var wrapped = await tree.RunAsync("hold", "--", "sh", "-c", "exit 7");
        var unknown = await tree.RunAsync("stop", "ap");

        refused.ExitCode.Should().Be((int)ExitCode.BadUsage);
        refused.Errors.Should().StartWith("Unknown option \"--quiet\" of \"supervisor hold\".");
        wrapped.ExitCode.Should().Be(7, "{0}", wrapped);
        unknown.ExitCode.Should().Be((int)ExitCode.NoSuchService);
        unknown.Errors.Should().StartWith("Unknown service \"ap\"; did you mean \"app\"?");
        (await tree.StatusAsync()).Watcher.Holds.Should().BeEmpty();
    }
}
