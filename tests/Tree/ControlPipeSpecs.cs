using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The control pipe as a client sees it that we did not write: Node's vscode-jsonrpc.</summary>
public sealed class ControlPipeSpecs
{
    private static readonly string Client = Path.Combine(Executables.Repository, "tests/Tree/Compatibility");

    [NodeFact]
    public async Task A_client_that_is_not_ours_calls_every_kind_of_request_and_is_told_every_kind_of_error()
    {
        await using var tree = TestTree.Create();
        var app = new Site(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        var checks = await tree.RunOtherAsync("node", Path.Combine(Client, "control-pipe-client.mjs"), tree.ControlSocket, "app");

        checks.ExitCode.Should().Be(0, "{0}", checks);
        checks.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCountGreaterThan(6)
            .And.OnlyContain(line => line.Contains("\"ok\":true", StringComparison.Ordinal));
        (await tree.StatusAsync()).Service("app").Generation.Should().BeGreaterThan(1, "it restarted the app");
    }
}

/// <summary>A fact that needs Node and the packages of the compatibility client (<c>npm ci</c> in its folder).</summary>
internal sealed class NodeFactAttribute() : NeedsFactAttribute(
    "node", Path.Combine(Executables.Repository, "tests/Tree/Compatibility/node_modules/vscode-jsonrpc"));
