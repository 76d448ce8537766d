using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>How often a server is asked, and what follows when it answers no more.</summary>
public sealed class HealthSpecs
{
    /// <summary>The length matters: what must not come in this time would come several times in it.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task A_server_that_is_ready_is_not_asked_again()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        var requests = tree.Write("requests", "");
        tree.WriteConfig($$"""{ "services": { {{web.Entry($"--requests {requests}")}} } }""");
        await tree.StartAsync();
        var untilReady = await File.ReadAllLinesAsync(requests);

        await Task.Delay(LongEnough);

        untilReady.Should().NotBeEmpty();
        (await File.ReadAllLinesAsync(requests)).Should().HaveCount(untilReady.Length, "nobody uses it");
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
    }
}
