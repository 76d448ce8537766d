using System.Runtime.Versioning;
using System.Text;
using Supervisor.Tree.Harness;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Wire.Pipes;

/// <summary>Only root can become another user; otherwise these tests pass without a check and say so.</summary>
[UnsupportedOSPlatform("windows")]
public class ForeignUserSpecs(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string Interpreter = "/usr/bin/python3";

    private const string Client = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1])
        print(len(s.recv(1)))
        """;

    [Fact]
    public async Task A_connection_of_another_user_is_closed_and_reported_and_serving_continues()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(Interpreter) || !File.Exists("/usr/bin/setpriv"))
        {
            output.WriteLine("Skipped: needs root, setpriv and python3 to connect as another user.");
            return;
        }

        using var directory = new TemporaryDirectory();
        using var stopping = new CancellationTokenSource();
        var socket = directory.File("s");
        using var listener = PipeListener.Bind(socket);
        OpenToEverybody(directory.Path, socket);
        var rejected = new List<(PeerCredentials Peer, string Why)>();
        listener.Rejected = (peer, why) => rejected.Add((peer, why));
        var running = listener.RunAsync((stream, _, _) => stream.WriteAsync(new byte[] { 1 }, CancellationToken.None).AsTask(), stopping.Token);

        (await ConnectAsNobodyAsync(socket)).Should().Be("0", "the connection was closed before a byte was sent");

        rejected.Should().ContainSingle().Which.Peer.Uid.Should().Be(Chown.Nobody);
        await using (var ours = await PipeClient.ConnectAsync(socket, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None))
            (await ours.ReadAsync(new byte[1]).AsTask().WithTimeout()).Should().Be(1);

        await stopping.CancelAsync();
        await running.WithTimeout();
    }

    private static void OpenToEverybody(params string[] paths)
    {
        const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

        foreach (var path in paths)
            File.SetUnixFileMode(path, Everybody);
    }

    private static async Task<string> ConnectAsNobodyAsync(string socket)
    {
        var client = CliWrap.Cli.Wrap("/usr/bin/setpriv")
            .WithArguments(["--reuid", "65534", "--regid", "65534", "--clear-groups", Interpreter, "-c", Client, socket]);
        var result = await ForeignProgram.RunAsync(client, Encoding.UTF8, Wait.DefaultTimeout, CancellationToken.None);
        result.ExitCode.Should().Be(0, "{0}", result);
        return result.Output.Trim();
    }
}
