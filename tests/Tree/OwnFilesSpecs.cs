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

        var held = await client.WaitForAsync(board => board.Service("app") is { Stale: true, State: ServicePhase.Ready } status && status.Reason!.Contains("otherwise", StringComparison.Ordinal), "it is held back");

        held.Service("app").Reason.Should().Contain("its own watched file app/generated.txt").And.Contain("\"**/generated.txt\"");
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

    [Fact]
    public async Task Somebody_who_saves_right_after_each_start_is_told_that_the_next_reload_waits_and_is_served_after_it()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var client = await tree.ConnectAsync();
        var status = (await client.StatusAsync()).Service("app");

        // On a slow machine a save may come too late after a start to look like the server's own; then the count begins again.
        for (var save = 1; save <= 60 && !status.Stale; save++)
        {
            var reloads = status.Reloads;
            app.Save("page.txt", $"save {save}");
            status = (await client.WaitForAsync(
                board => board.Service("app") is { State: ServicePhase.Ready } now && (now.Stale || now.Reloads > reloads), $"save {save} is served or held back")).Service("app");
        }

        status.Should().BeEquivalentTo(new { Stale = true, State = ServicePhase.Ready });
        status.Reason.Should().Contain("page.txt changed 5 times").And.EndWith("it is reloaded once nothing has changed for 3 s");
        status = (await client.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Ready, Stale: false } now && now.Generation > status.Generation, "the pause is over")).Service("app");
        status.Reason.Should().BeNull();
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await tree.RunAsync("why", "app")).Output.Should().Contain("held");
    }
}
