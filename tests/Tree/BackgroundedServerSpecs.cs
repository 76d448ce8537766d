using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Commands that end before their service was ever ready.</summary>
public sealed class BackgroundedServerSpecs
{
    [Fact]
    public async Task A_command_that_leaves_its_server_in_the_background_is_no_success_and_nothing_stays()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();
        tree.WriteConfig(
            $$"""
            { "services": { "web": {
              "command": "{{Executables.Puppet}} --port {{port}} --serve . &", "port": {{port}},
              "ready": { "log": "it never says so" }, "restart": { "policy": "never" } } } }
            """);

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be(1, "{0}", started);
        started.Errors.Should().Contain("web failed: ended before it was ready; does it put itself into the background?");
        (await tree.StatusAsync()).Service("web").Should().Match<ServiceStatus>(web => web.State == ServicePhase.Failed && web.LastExit!.Code == 0);
    }

    [Fact]
    public async Task A_task_that_says_that_it_is_ready_with_its_last_words_was_ready()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "migrate": { "command": "echo done", "ready": { "log": "done" } } } }""");

        await tree.StartAsync();

        (await tree.StatusAsync()).Service("migrate").State.Should().Be(ServicePhase.Completed);
        (await tree.RunAsync("why", "migrate")).Output.Should().Contain("ready");
    }
}
