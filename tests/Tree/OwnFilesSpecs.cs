using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A server that writes into its own watched folder at each start.</summary>
public sealed class OwnFilesSpecs
{
    [Fact]
    public async Task A_server_that_writes_a_watched_file_at_each_start_is_held_back_and_named_with_the_file_and_serves_the_next_save_at_once()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry("--stamp generated.txt")}} } }""");
        await tree.TryStartAsync();
        await using var client = await tree.ConnectAsync();

        var held = await client.WaitForAsync(board => board.Service("app") is { Stale: true, State: ServicePhase.Ready }, "it is held back");

        held.Service("app").Reason.Should().Contain("app/generated.txt").And.Contain("\"**/generated.txt\"");
        held.Service("app").Reloads.Should().BeInRange(5, 7);
        (await tree.RunAsync("why", "app")).Output.Should().Contain("held").And.Contain("generated.txt");
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.Unhealthy);
        var flushed = await tree.RunAsync("flush");
        flushed.ExitCode.Should().Be((int)ExitCode.Failed);
        flushed.Errors.Should().Contain("generated.txt");

        app.Save("page.txt", "saved by a person");
        var served = await client.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Ready, Stale: true } status && status.Generation > held.Service("app").Generation, "it is reloaded, and writes again");
        (await app.ServedAsync()).Should().Contain("saved by a person");
        served.Service("app").Reloads.Should().Be(held.Service("app").Reloads + 1);
    }
}
