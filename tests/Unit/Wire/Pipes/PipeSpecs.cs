using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Wire.Pipes;

[UnsupportedOSPlatform("windows")]
public sealed class PipeSpecs : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stopping = new();

    private string Socket => _directory.File("s.sock");

    public void Dispose()
    {
        _stopping.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_client_of_the_same_user_is_served_and_its_credentials_are_known()
    {
        using var listener = PipeListener.Bind(Socket);
        var seen = new TaskCompletionSource<PeerCredentials>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = listener.RunAsync(
            async (stream, peer, stopping) =>
            {
                seen.SetResult(peer);
                await stream.WriteAsync("hello"u8.ToArray(), stopping);
            },
            _stopping.Token);

        await using (var client = await ConnectAsync())
        {
            var received = new byte[5];
            await client.ReadExactlyAsync(received);
            received.Should().Equal("hello"u8.ToArray());
        }

        (await seen.Task.WithTimeout()).Pid.Should().Be(Environment.ProcessId);
        await StopAsync(running);
    }

    [Fact]
    public void Only_our_user_may_connect()
    {
        using var listener = PipeListener.Bind(Socket);

        File.GetUnixFileMode(Socket).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_stale_socket_of_ours_is_replaced()
    {
        PipeListener.Bind(Socket).Dispose();
        File.Exists(Socket).Should().BeTrue("closing leaves the path");
        (await Unavailable()).Should().Be(PipeUnavailable.Refused);

        using var listener = PipeListener.Bind(Socket);

        await (await ConnectAsync()).DisposeAsync();
    }

    [Fact]
    public void A_symbolic_link_a_file_and_a_directory_in_the_way_are_refused_and_left_alone()
    {
        File.WriteAllText(_directory.File("precious"), "precious");
        File.CreateSymbolicLink(_directory.File("link"), _directory.File("precious"));
        File.CreateSymbolicLink(_directory.File("dangling"), _directory.File("nothing"));
        Directory.CreateDirectory(_directory.File("folder"));

        foreach (var (name, kind) in new[] { ("link", "a symbolic link"), ("dangling", "a symbolic link"), ("precious", "a file"), ("folder", "a directory") })
        {
            FluentActions.Invoking(() => PipeListener.Bind(_directory.File(name)))
                .Should().Throw<RuntimeDirectoryException>().WithMessage($"{_directory.File(name)}: {kind} is in the way*");
        }

        File.ReadAllText(_directory.File("link")).Should().Be("precious");
        File.Exists(_directory.File("nothing")).Should().BeFalse();
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_refused_with_a_message() =>
        FluentActions.Invoking(() => PipeListener.Bind(_directory.File(new string('x', 100))))
            .Should().Throw<RuntimeDirectoryException>().WithMessage("*may have 100 bytes*");

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        FluentActions.Invoking(() => PipeListener.Bind(_directory.File("none/s.sock")))
            .Should().Throw<RuntimeDirectoryException>().WithMessage($"{_directory.File("none/s.sock")}: cannot be bound: No such file or directory.");

    [Fact]
    public async Task The_process_that_inherits_the_socket_serves_after_the_spawner_has_closed_its_own()
    {
        using var dup = new DuplicatedDescriptor(PipeListener.Bind(Socket));
        using var inherited = PipeListener.FromInherited(dup.Descriptor);
        var running = inherited.RunAsync((_, _, _) => Task.CompletedTask, _stopping.Token);

        await (await ConnectAsync()).DisposeAsync();
        await StopAsync(running);

        inherited.Unlink();
        File.Exists(Socket).Should().BeFalse();
    }

    [Fact]
    public void Unlinking_spares_a_successor_at_the_same_path()
    {
        using var first = PipeListener.Bind(Socket);
        using var second = PipeListener.Bind(Socket);

        first.Unlink();
        File.Exists(Socket).Should().BeTrue();

        second.Unlink();
        File.Exists(Socket).Should().BeFalse();
    }

    [Fact]
    public void A_descriptor_that_is_no_listening_socket_is_refused()
    {
        FluentActions.Invoking(() => PipeListener.FromInherited(9_999)).Should().Throw<IOException>().WithMessage("*9999 was not inherited*");
    }

    [Fact]
    public async Task A_failed_connection_is_reported_and_the_next_one_is_served()
    {
        using var listener = PipeListener.Bind(Socket);
        var failures = new List<string>();
        listener.ServeFailed = exception => failures.Add(exception.Message);
        var served = 0;
        var running = listener.RunAsync((_, _, _) => Interlocked.Increment(ref served) == 1 ? throw new FormatException("bad") : Task.CompletedTask, _stopping.Token);

        await AwaitEndAsync(await ConnectAsync());
        await AwaitEndAsync(await ConnectAsync());

        await StopAsync(running);
        failures.Should().Equal("bad");
        served.Should().Be(2);
    }

    [Fact]
    public async Task Beyond_256_connections_a_client_is_disconnected_and_the_others_are_not_affected()
    {
        using var listener = PipeListener.Bind(Socket);
        var rejected = new List<string>();
        listener.Rejected = (_, why) => rejected.Add(why);
        var running = listener.RunAsync(async (stream, _, stopping) => await stream.CopyToAsync(stream, stopping), _stopping.Token);
        var clients = new List<Stream>();

        for (var i = 0; i < PipeListener.MaxConnections; i++)
            clients.Add(await ConnectAsync());

        await EchoAsync(clients[^1]);
        await AwaitEndAsync(await ConnectAsync());
        await EchoAsync(clients[0]);
        rejected.Should().Equal("256 connections are being served");

        await AwaitServedEndAsync(clients[0]);
        clients[0] = await ConnectAsync();
        await EchoAsync(clients[0]);

        foreach (var client in clients)
            await client.DisposeAsync();

        await StopAsync(running);
    }

    [Fact]
    public async Task Beyond_256_connections_a_client_of_the_control_pipe_reads_why_even_if_it_asks_late()
    {
        using var listener = ControlPipe.Bind(Socket);
        var running = listener.RunAsync(async (stream, _, stopping) => await stream.CopyToAsync(stream, stopping), _stopping.Token);
        var clients = new List<Stream>();

        for (var i = 0; i < PipeListener.MaxConnections; i++)
            clients.Add(await ConnectAsync());

        await EchoAsync(clients[^1]);

        await using (var late = await ConnectAsync())
        {
            var answer = new byte[1024];
            var read = await late.ReadAsync(answer).AsTask().WithTimeout();
            Encoding.ASCII.GetString(answer, 0, read).Should().StartWith("Content-Length: ").And.Contain("\"id\":null").And.Contain("256 connections are being served");
            await late.WriteAsync("too late, but no error"u8.ToArray());
            (await late.ReadAsync(answer).AsTask().WithTimeout()).Should().Be(0);
        }

        await using (var client = await SupervisorClient.ConnectToPipeAsync(Socket, TimeProvider.System, CancellationToken.None))
        {
            (await client.Awaiting(c => c.CallAsync((control, token) => control.StatusAsync(token), CancellationToken.None)).Should().ThrowAsync<LinkEndedException>())
                .Which.Refusal.Should().Be("256 connections are being served; close one and try again");
        }

        foreach (var client in clients)
            await client.DisposeAsync();

        await StopAsync(running);
    }

    [Fact]
    public async Task A_missing_pipe_is_reported_at_once() => (await Unavailable()).Should().Be(PipeUnavailable.NotThere);

    [Fact]
    public async Task Something_else_at_the_path_refuses()
    {
        File.WriteAllText(Socket, "");

        (await Unavailable()).Should().Be(PipeUnavailable.Refused);
    }

    [Fact]
    public async Task A_connection_to_a_listener_that_accepts_nothing_fails_at_the_deadline()
    {
        using var hung = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        hung.Bind(new UnixDomainSocketEndPoint(Socket));
        hung.Listen(0);
        await using var fillsTheBacklog = await ConnectAsync();
        var time = new VirtualTime();

        var connecting = PipeClient.ConnectAsync(Socket, TimeSpan.FromSeconds(3), time, CancellationToken.None);

        // The deadline's timer and the pause between two tries.
        await time.ArmedAsync(2).WithTimeout();
        time.Advance(TimeSpan.FromSeconds(3));
        (await FluentActions.Awaiting(() => connecting.WithTimeout()).Should().ThrowAsync<PipeUnavailableException>()).Which.Reason.Should().Be(PipeUnavailable.NotAnswering);
    }

    [Fact]
    public async Task A_full_backlog_is_waited_for()
    {
        using var busy = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        busy.Bind(new UnixDomainSocketEndPoint(Socket));
        busy.Listen(0);
        await using var first = await ConnectAsync();
        var time = new VirtualTime();
        var connecting = PipeClient.ConnectAsync(Socket, TimeSpan.FromSeconds(3), time, CancellationToken.None);
        await time.ArmedAsync(2).WithTimeout();

        using var accepted = await busy.AcceptAsync();
        time.Advance(TimeSpan.FromMilliseconds(20));

        await (await connecting.WithTimeout()).DisposeAsync();
    }

    private static async Task EchoAsync(Stream stream)
    {
        await stream.WriteAsync(new byte[] { 42 });
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer).AsTask().WithTimeout();
        answer[0].Should().Be(42);
    }

    /// <summary>The other end closes without sending anything.</summary>
    private static async Task AwaitEndAsync(Stream stream)
    {
        (await stream.ReadAsync(new byte[1]).AsTask().WithTimeout()).Should().Be(0);
        await stream.DisposeAsync();
    }

    /// <summary>Our end closes first; the other end's answer to that proves that it no longer counts as served.</summary>
    private static async Task AwaitServedEndAsync(Stream stream)
    {
        ((NetworkStream)stream).Socket.Shutdown(SocketShutdown.Send);
        await AwaitEndAsync(stream);
    }

    private Task<Stream> ConnectAsync() => PipeClient.ConnectAsync(Socket, Patient, TimeProvider.System, CancellationToken.None);

    private async Task<PipeUnavailable> Unavailable() =>
        (await FluentActions.Awaiting(ConnectAsync).Should().ThrowAsync<PipeUnavailableException>()).Which.Reason;

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.WithTimeout();
    }
}
