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
            [probe], ProbePace.Default, () => Told("ready"), Told, time).RunAsync(CancellationToken.None);

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
            [new Scripted(one.Dequeue), new Scripted(other.Dequeue)], ProbePace.Default, () => Told("ready"), Told, time).RunAsync(CancellationToken.None);

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
    public async Task It_asks_at_the_given_interval_after_the_delay_until_as_many_in_a_row_have_succeeded()
    {
        var time = new VirtualTime();
        var asked = new List<double>();
        var told = new List<string>();
        var answers = new Queue<string?>(["closed", null, "closed", null, null]);
        var probe = new Scripted(() =>
        {
            asked.Add(time.Elapsed.TotalSeconds);
            return answers.Dequeue();
        });

        var probing = new Prober(
            [probe], new ProbePace(Interval: TimeSpan.FromSeconds(2), Successes: 2, Delay: TimeSpan.FromSeconds(5)), () => Told("ready"), Told, time)
            .RunAsync(CancellationToken.None);

        while (await Task.WhenAny(probing, time.ArmedAsync()) != probing)
            time.Advance(TimeSpan.FromSeconds(1));

        asked.Should().Equal(5, 7, 9, 11, 13);
        told.Should().Equal("closed", "1 of 2 successes in a row", "closed", "1 of 2 successes in a row", "ready");

        Task Told(string what)
        {
            told.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_comes_with_the_last_words_of_a_server_counts()
    {
        using var stopping = new CancellationTokenSource();
        var (ready, told) = (0, new Told());
        var prober = new Prober([new Scripted(() => null), told], ProbePace.Default, Ready, _ => Task.CompletedTask, new VirtualTime());
        var probing = prober.RunAsync(stopping.Token);
        await stopping.CancelAsync();
        await probing;

        await prober.ReportLastWordsAsync();
        ready.Should().Be(0);

        told.HasCome = true;
        await prober.ReportLastWordsAsync();
        ready.Should().Be(1);

        Task Ready()
        {
            ready++;
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

    [Theory]
    [InlineData(200, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(401, true)]
    [InlineData(503, false)]
    public void Only_the_given_statuses_are_ready(int status, bool isReady) =>
        (new HttpProbe(new Uri("http://localhost/"), [new StatusRange(200, 299), new StatusRange(401, 401)]).Evaluate($"HTTP/1.1 {status}") is null).Should().Be(isReady);

    [Fact]
    public async Task A_request_has_the_given_headers_in_place_of_ours()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOnceAsync(listener, "HTTP/1.1 200 OK\r\n\r\n");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = "shop.test", ["X-Key"] = "k" };

        (await new HttpProbe(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), statuses: null, headers).AttemptAsync(CancellationToken.None)).Should().BeNull();

        (await serving).Should().Be("GET / HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: supervisor\r\nAccept: */*\r\nX-Key: k\r\nConnection: close\r\n\r\n");
    }

    [Theory]
    [InlineData("localhost", "::1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("web.localhost", "::1")]
    [InlineData("::1", "::1")]
    public async Task A_server_is_found_at_each_address_of_localhost(string host, string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        (await new TcpProbe(host, port).AttemptAsync(CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Of_two_addresses_the_one_that_answers_right_counts_and_else_the_answer_is_told()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        var port = ((IPEndPoint)one.LocalEndpoint).Port;
        using var other = new TcpListener(IPAddress.IPv6Loopback, port);
        other.Start();
        var probe = new HttpProbe(new Uri($"http://localhost:{port}/"));

        var first = probe.AttemptAsync(CancellationToken.None);
        await AnswerOnceAsync(one, "HTTP/1.1 503 Not yet\r\n\r\n");
        await AnswerOnceAsync(other, "HTTP/1.1 200 OK\r\n\r\n");
        (await first).Should().BeNull();

        other.Stop();
        var second = probe.AttemptAsync(CancellationToken.None);
        await AnswerOnceAsync(one, "HTTP/1.1 503 Not yet\r\n\r\n");
        (await second).Should().Be($"http://localhost:{port}/: status 503");
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

    private sealed class Told : IProbe
    {
        public bool HasCome { get; set; }

        public string WaitsFor => "it says nothing";

        public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

        public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }

    private sealed class Scripted(Func<string?> answer) : IProbe
    {
        public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

        public Task<string?> AttemptAsync(CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
