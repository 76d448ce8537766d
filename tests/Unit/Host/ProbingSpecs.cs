using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Host.Probing;

namespace Supervisor.Unit.Host;

public sealed class ProbingSpecs
{
    [Fact]
    public async Task A_server_is_probed_until_it_is_ready_and_not_once_more()
    {
        var time = new VirtualTime();
        var asked = new List<double>();
        var probe = new Scripted(() =>
        {
            asked.Add(time.Elapsed.TotalMilliseconds);
            return asked.Count < 7 ? "not yet" : null;
        });
        var told = new List<string>();

        var probing = new Prober(
            [probe], () => Told("ready"), Told, time).RunAsync(CancellationToken.None);

        while (await Task.WhenAny(probing, time.ArmedAsync()) != probing)
            time.Advance(TimeSpan.FromSeconds(1));

        told.Should().Equal(["not yet", "ready"], "a result is reported when it changes");
        asked.Should().HaveCount(7);

        Task Told(string what)
        {
            told.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task With_several_probes_it_is_ready_once_each_has_succeeded_and_the_others_are_named_until_then()
    {
        var time = new VirtualTime();
        var told = new List<string>();
        var (one, other) = (new Queue<string?>(["port closed", "port closed", null]), new Queue<string?>(["status 503", null]));

        var probing = new Prober(
            [new Scripted(one.Dequeue), new Scripted(other.Dequeue)], () => Told("ready"), Told, time).RunAsync(CancellationToken.None);

        await time.ArmedAsync(2);

        while (await Task.WhenAny(probing, time.ArmedAsync()) != probing)
            time.Advance(ProbeInterval.Initial);

        told.Should().Equal("port closed", "port closed; status 503", "port closed", "ready");

        Task Told(string what)
        {
            told.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void The_intervals_double_up_to_a_second()
    {
        var pauses = new List<double>();

        for (var pause = ProbeInterval.Initial; pauses.Count < 6; pause = ProbeInterval.Next(pause))
            pauses.Add(pause.TotalMilliseconds);

        pauses.Should().Equal(100, 200, 400, 800, 1000, 1000);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", true)]
    [InlineData("HTTP/1.0 302 Found\r\n\r\n", true)]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", false)]
    [InlineData("HTTP/1.1 500 Oops\r\n\r\n", false)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", false)]
    [InlineData("HTTP/1.1 x", false)]
    [InlineData("", false)]
    public async Task A_status_below_400_is_ready(string answer, bool isReady)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = AnswerOnceAsync(listener, answer);

        var failure = await new HttpProbe(new Uri($"http://127.0.0.1:{port}/health?x=1")).AttemptAsync(CancellationToken.None);

        (failure is null).Should().Be(isReady, failure);
        (await serving).Should().StartWith($"GET /health?x=1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    }

    [Fact]
    public async Task A_port_without_a_listener_fails_with_a_reason()
    {
        // Bound but not listening: connections are refused, and no other process can take the port meanwhile.
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        (await new TcpProbe("127.0.0.1", port).AttemptAsync(CancellationToken.None)).Should().Contain("refused");
        (await new HttpProbe(new Uri($"http://127.0.0.1:{port}/")).AttemptAsync(CancellationToken.None)).Should().Contain("refused");
        holder.Listen();
        (await new TcpProbe("127.0.0.1", port).AttemptAsync(CancellationToken.None)).Should().BeNull();
    }

    private static async Task<string> AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var request = new byte[1_000];
        var length = await client.GetStream().ReadAsync(request);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(request, 0, length);
    }

    private sealed class Scripted(Func<string?> answer) : IProbe
    {
        public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

        public Task<string?> AttemptAsync(CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
