using System.Net;
using System.Net.Sockets;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Probes find the server where it listens, and take its answers as they are meant.</summary>
public sealed class ProbeSpecs
{
    private const string Server =
        """
        import http.server, os, socket, sys
        class H(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.headers["X-Key"] == "open sesame" else 401); self.end_headers()
            def log_message(self, *a): pass
        class S(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
        S((sys.argv[1], int(os.environ["PORT"])), H).serve_forever()

        """;

    [NeedsTheory("/usr/bin/python3")]
    [InlineData("::1", """ "tcp": @ """)]
    [InlineData("::1", """ "tcp": "localhost:@" """)]
    [InlineData("::1", """ "http": "http://localhost:@/", "status": "401" """)]
    [InlineData("127.0.0.1", """ "tcp": @ """)]
    [InlineData("127.0.0.1", """ "http": "http://localhost:@/", "status": "401" """)]
    [InlineData("127.0.0.1", """ "http": "http://127.0.0.1:$PORT/", "status": "200-399,401" """)]
    [InlineData("127.0.0.1", """ "http": "http://127.0.0.1:${PORT}/", "headers": { "X-Key": "${WORD} sesame" } """)]
    [InlineData("127.0.0.1", """ "tcp": "$PORT", "delay": "100ms", "interval": "200ms", "successes": 3 """)]
    public async Task A_server_is_ready_where_it_listens_and_by_what_it_answers(string address, string ready)
    {
        await using var tree = TestTree.Create();
        await StartAsync(tree, address, TestTree.FreePort(), ready);

        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
    }

    [NeedsTheory("/usr/bin/python3")]
    [InlineData(""" "http": "http://localhost:$PORT/", "status": "401" """)]
    [InlineData(""" "tcp": "${PORT}" """)]
    [InlineData(""" "tcp": @ """)]
    public async Task The_probe_follows_a_port_that_was_taken_instead(string ready)
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();
        using var stranger = new TcpListener(IPAddress.Loopback, port);
        stranger.Start();

        await StartAsync(tree, "127.0.0.1", port, ready, """ "onPortConflict": "next", """);

        (await tree.StatusAsync()).Service("web").Should().Match<ServiceStatus>(web => web.State == ServicePhase.Ready && web.Ports[0] != port);
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task An_answer_that_is_not_expected_is_told_with_the_key_that_accepts_it()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();

        var started = await TryStartAsync(tree, "127.0.0.1", port, """ "http": "http://127.0.0.1:@/", "timeout": "2s" """);

        started.ExitCode.Should().Be(1, "{0}", started);
        started.Errors.Should().Contain("status 401 (\"status\" names those that are accepted)");
    }

    /// <param name="ready">An @ stands for the port.</param>
    private static async Task StartAsync(TestTree tree, string address, int port, string ready, string more = "")
    {
        var started = await TryStartAsync(tree, address, port, ready + """, "timeout": "30s" """, more);
        started.ExitCode.Should().Be(0, "{0}", started);
    }

    private static Task<CommandResult> TryStartAsync(TestTree tree, string address, int port, string ready, string more = "")
    {
        tree.Write("server.py", Server);
        tree.WriteConfig(
            $$"""
            { "services": { "web": { "command": ["/usr/bin/python3", "server.py", "{{address}}"], "port": {{port}}, {{more}}
              "env": { "WORD": "open" }, "restart": { "policy": "never" }, "ready": { {{ready.Replace("@", $"{port}")}} } } } }
            """);
        return tree.TryStartAsync();
    }
}
