using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamJsonRpc;
using Supervisor.Tree.Compatibility;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The control pipe with foreign clients: Node's vscode-jsonrpc and plain StreamJsonRpc.</summary>
public sealed class ControlPipeSpecs
{
    private static readonly string Client = Path.Combine(Executables.Repository, "tests/Tree/Compatibility");

    // A list: an array would be taken for the parameter list.
    private static readonly List<string> App = ["app"];

    /// <summary>The formatters of Newtonsoft.Json and System.Text.Json as the library creates them; the latter set to camelCase.</summary>
    public static TheoryData<string> Formatters => ["Newtonsoft.Json", "System.Text.Json"];

    [Fact]
    public async Task An_owner_that_disconnects_before_its_request_is_handled_stops_the_tree()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var tree = TestTree.Create();
            await StartAsync(tree);

            // Earlier requests, so that the connection has ended when the last one is handled.
            using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(tree.ControlSocket));
                var requests = Enumerable.Range(1, 40).Select(id => Frame(id, "supervisor/status")).Append(Frame(41, "supervisor/own"));
                await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(requests)));

                // It goes on reading: an answer that cannot be written ends the link at once, and then the last request may never be read.
                socket.Shutdown(SocketShutdown.Send);
                var answers = new byte[64 * 1024];
                using var late = new CancellationTokenSource(Wait.DefaultTimeout);
                while (await socket.ReceiveAsync(answers, late.Token) > 0)
                {
                }
            }

            await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count == 0, $"nothing of the tree is left in round {round}");
        }

        static string Frame(int id, string method) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}"}""" is var body
            ? $"Content-Length: {body.Length}\r\n\r\n{body}" : "";
    }

    [Fact]
    public async Task The_257th_connection_is_refused_with_a_reason_and_the_next_one_is_served_once_there_is_room()
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree);
        var connections = new List<Socket>();

        try
        {
            for (var i = 0; i < 256; i++)
            {
                connections.Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
                await connections[^1].ConnectAsync(new UnixDomainSocketEndPoint(tree.ControlSocket));
            }

            var refused = await tree.RunAsync("status");

            refused.ExitCode.Should().Be(1);
            refused.Errors.Should().Contain("The parent refused the link: 256 connections are being served; close one and try again.");
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        await Wait.UntilAsync(async () => (await tree.RunAsync("status")).ExitCode == 0, "there is room again");
    }

    [NodeFact]
    public async Task A_foreign_client_can_send_every_kind_of_request_and_gets_every_kind_of_error()
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree);

        var checks = await tree.RunOtherAsync("node", Path.Combine(Client, "control-pipe-client.mjs"), tree.ControlSocket, "app");

        checks.ExitCode.Should().Be(0, "{0}", checks);
        checks.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCountGreaterThan(6)
            .And.OnlyContain(line => line.Contains("\"ok\":true", StringComparison.Ordinal));
        (await tree.StatusAsync()).Service("app").Generation.Should().BeGreaterThan(1, "it restarted the app");
    }

    [Theory]
    [MemberData(nameof(Formatters))]
    public async Task Plain_StreamJsonRpc_makes_every_call_with_named_parameters(string formatter)
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree);
        await using var client = await PlainClient.ConnectAsync(tree.ControlSocket, Formatter(formatter));

        (await client.NamedAsync<PlainClient.Status>("supervisor/status", new { })).Services.Should().ContainSingle(service => service.Name == "app");
        Succeeded(await client.NamedAsync<PlainClient.Outcomes>("supervisor/stop", new { services = App, now = true }));
        (await client.NamedAsync<PlainClient.WaitAnswer>("supervisor/wait", new { services = App, @for = "stopped", timeoutMs = 60_000 })).Result.Should().Be("ok");
        Succeeded(await client.NamedAsync<PlainClient.Outcomes>("supervisor/start", new { services = App }));
        (await client.NamedAsync<PlainClient.WaitAnswer>("supervisor/wait", new { services = App })).Should().Be(new PlainClient.WaitAnswer("ok", "app: ready"));
        Succeeded(await client.NamedAsync<PlainClient.Outcomes>("supervisor/restart", new { services = App, force = true }));
        var ledger = await client.NamedAsync<PlainClient.Ledger>("supervisor/why", new { service = "app", last = 2 });
        ledger.Entries.Should().HaveCount(2).And.Contain(new PlainClient.LedgerEntry("started", "manual", 3));
        (await client.NamedAsync<PlainClient.Hold>("supervisor/hold", new { name = "build", timeoutMs = 60_000 })).Name.Should().Be("build");
        (await client.NamedAsync<PlainClient.Status>("supervisor/status")).Watcher.Holds.Should().ContainSingle(hold => hold.Name == "build");
        (await client.NamedAsync<PlainClient.Released>("supervisor/release", new { name = "build" })).Holds.Should().ContainSingle();
        (await client.NamedAsync<PlainClient.Outcomes>("supervisor/flush", new { })).Doubt.Should().BeNull();
        var introduction = await client.NamedAsync<PlainClient.Introduction>("supervisor/introduce", new { service = "app" });
        File.Exists(introduction.Pipe).Should().BeTrue();
        var before = await client.NamedAsync<PlainClient.Status>("supervisor/subscribe", new { });
        Succeeded(await client.NamedAsync<PlainClient.Outcomes>("supervisor/restart", new { services = App }));
        await BoardComesAsync(client, before);
        await OwnerEndsAsync(tree, client, await client.NamedAsync<PlainClient.Status>("supervisor/own", new { }));
    }

    [Theory]
    [MemberData(nameof(Formatters))]
    public async Task Plain_StreamJsonRpc_makes_every_call_with_positional_parameters(string formatter)
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree);
        await using var client = await PlainClient.ConnectAsync(tree.ControlSocket, Formatter(formatter));

        (await client.PositionalAsync<PlainClient.Status>("supervisor/status")).Services.Should().ContainSingle(service => service.Name == "app");
        Succeeded(await client.PositionalAsync<PlainClient.Outcomes>("supervisor/stop", App, true));
        (await client.PositionalAsync<PlainClient.WaitAnswer>("supervisor/wait", App, "stopped", 60_000)).Result.Should().Be("ok");
        Succeeded(await client.PositionalAsync<PlainClient.Outcomes>("supervisor/start", App));
        (await client.PositionalAsync<PlainClient.WaitAnswer>("supervisor/wait", App)).Should().Be(new PlainClient.WaitAnswer("ok", "app: ready"));
        Succeeded(await client.PositionalAsync<PlainClient.Outcomes>("supervisor/restart", App, true));
        var ledger = await client.PositionalAsync<PlainClient.Ledger>("supervisor/why", "app", 2);
        ledger.Entries.Should().HaveCount(2).And.Contain(new PlainClient.LedgerEntry("started", "manual", 3));
        (await client.PositionalAsync<PlainClient.Hold>("supervisor/hold", "build", null, 60_000)).Name.Should().Be("build");
        (await client.PositionalAsync<PlainClient.Status>("supervisor/status")).Watcher.Holds.Should().ContainSingle(hold => hold.Name == "build");
        (await client.PositionalAsync<PlainClient.Released>("supervisor/release", "build")).Holds.Should().ContainSingle();
        (await client.PositionalAsync<PlainClient.Outcomes>("supervisor/flush")).Doubt.Should().BeNull();
        var introduction = await client.PositionalAsync<PlainClient.Introduction>("supervisor/introduce", "app");
        File.Exists(introduction.Pipe).Should().BeTrue();
        var before = await client.PositionalAsync<PlainClient.Status>("supervisor/subscribe");
        Succeeded(await client.PositionalAsync<PlainClient.Outcomes>("supervisor/restart", App));
        await BoardComesAsync(client, before);
        await OwnerEndsAsync(tree, client, await client.PositionalAsync<PlainClient.Status>("supervisor/own"));
    }

    [Theory]
    [MemberData(nameof(Formatters))]
    public async Task Plain_StreamJsonRpc_gets_errors_and_can_cancel_a_call(string formatter)
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree);
        await using var client = await PlainClient.ConnectAsync(tree.ControlSocket, Formatter(formatter));

        await client.Awaiting(c => c.PositionalAsync<object>("supervisor/dance")).Should().ThrowAsync<RemoteMethodNotFoundException>();
        (await client.Awaiting(c => c.NamedAsync<PlainClient.Ledger>("supervisor/why", new { service = "no-such-service" }))
            .Should().ThrowAsync<RemoteInvocationException>()).Which.ErrorCode.Should().Be(-32001);
        (await client.Awaiting(c => c.NamedAsync<PlainClient.Released>("supervisor/release", new { name = "nobody" }))
            .Should().ThrowAsync<RemoteRpcException>()).Which.ErrorCode.Should().HaveValue(-32602);

        using var impatient = new CancellationTokenSource();
        var waiting = client.NamedAsync<PlainClient.WaitAnswer>("supervisor/wait", new { services = App, @for = "stopped" }, impatient.Token);

        // Its answer proves that the wait arrived before the cancellation.
        await client.NamedAsync<PlainClient.Status>("supervisor/status");
        await impatient.CancelAsync();

        await waiting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await client.NamedAsync<PlainClient.Status>("supervisor/status")).Services.Should().ContainSingle("the link is still usable");
    }

    private static IJsonRpcMessageFormatter Formatter(string name) => name == "Newtonsoft.Json"
        ? new JsonMessageFormatter()
        : new SystemTextJsonFormatter { JsonSerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web) };

    private static async Task StartAsync(TestTree tree)
    {
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
    }

    private static void Succeeded(PlainClient.Outcomes outcomes) =>
        outcomes.Services.Should().ContainSingle().Which.Should().Match<PlainClient.Outcome>(outcome => outcome.Service == "app" && outcome.Succeeded);

    private static async Task BoardComesAsync(PlainClient client, PlainClient.Status before)
    {
        using var late = new CancellationTokenSource(Wait.DefaultTimeout);
        (await client.NextBoardAsync(before.Tree.Revision, late.Token)).ParentPid.Should().Be(before.Tree.ParentPid);
    }

    private static async Task OwnerEndsAsync(TestTree tree, PlainClient client, PlainClient.Status owned)
    {
        await client.DisposeAsync();
        await Wait.UntilAsync(() => !TaggedProcesses.IsAlive(owned.Tree.ParentPid), "the tree ends with the connection that owns it");
        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
    }
}

/// <summary>A fact that needs Node and the packages of the compatibility client (<c>npm ci</c> in its folder).</summary>
internal sealed class NodeFactAttribute() : NeedsFactAttribute(
    "node", Path.Combine(Executables.Repository, "tests/Tree/Compatibility/node_modules/vscode-jsonrpc"));
