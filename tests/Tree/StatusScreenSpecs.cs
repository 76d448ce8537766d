using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What <c>supervisor status</c> shows in a terminal, to another program, and while a service stops.</summary>
public sealed class StatusScreenSpecs
{
    private const string LongName = "customer-facing-storefront-web-service-a";
    private const string LongPath = "packages/storefront/components/checkout/payment/providers/credit-card.txt";

    [NeedsFact("/usr/bin/python3")]
    public async Task A_terminal_of_80_columns_shows_one_line_a_service_and_another_program_gets_the_whole_table()
    {
        await using var tree = TestTree.Create();
        var (shop, app) = (new TestService(tree, LongName), new TestService(tree, "app"));
        tree.WriteConfig($$"""
            { "services": { {{shop.Entry()}}, {{app.Entry()}}, "broken": { "command": ["/no/such/folder/{{LongPath}}/{{LongPath}}"] } } }
            """);
        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();

        // `start` has returned because one service is blocked; a server that starts after a save has nothing to reload.
        await control.WaitForAsync(board => board.Service(LongName).State == ServicePhase.Ready && board.Service("app").State == ServicePhase.Ready, "both servers are ready");
        shop.Save(LongPath, "new");
        app.Save(LongPath, "new");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        // The heartbeat that says so may come after the answer to the flush.
        await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching");

        var screen = await tree.StatusScreenAsync(columns: 80);
        var whole = (await tree.RunAsync("status")).Output;

        screen.Should().OnlyContain(line => line.Length <= 80);
        screen.TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0]).Should().Equal("SERVICE", LongName, "app", "broken");
        screen.Should().ContainMatch($"{LongName}  ready *").And.ContainMatch("app * ready *").And.ContainMatch("broken * blocked*");
        screen.Should().ContainMatch("broken: *").And.ContainMatch("watcher: watching, *");
        whole.Split('\n')[0].Should().ContainAll("SERVICE", "PORTS", "CPU", "LAST CHANGE");
        whole.Should().Contain($"{LongName}/{LongPath}, ").And.Contain($" {shop.Port} ");
    }

    [Theory]
    [InlineData("stop", "deaf")]
    [InlineData("stop")]
    public async Task While_a_server_does_not_end_its_service_is_shown_as_stopping(params string[] stop)
    {
        await using var tree = TestTree.Create();
        var deaf = new TestService(tree, "deaf");
        tree.WriteConfig($$"""{ "services": { {{deaf.Entry("--ignore-sigterm", """ "stop": { "grace": "100s" } """)}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        await using var stopping = tree.Begin(stop);
        await control.WaitForAsync(board => board.Service("deaf").State == ServicePhase.Draining, "it is asked to end");

        var status = await tree.RunAsync("status");

        status.Output.Split('\n').Should().ContainMatch($"deaf     stopping  * {deaf.Port} *", "{0}", status);
        (await tree.RunAsync("stop", "--now")).ExitCode.Should().Be(0);
        (await stopping.FinishAsync(Wait.DefaultTimeout)).ExitCode.Should().Be(0);
    }
}
